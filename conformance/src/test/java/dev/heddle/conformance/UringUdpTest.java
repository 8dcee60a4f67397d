package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

final class UringUdpTest extends UdpContract {

    @Override
    protected Engine newEngine() {
        return new UringEngine();
    }
}
