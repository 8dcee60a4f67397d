package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;

/** The suite of datagrams on the portable engine. */
final class NioUdpTest extends UdpContract {

    @Override
    protected Engine newEngine() {
        return new NioEngine();
    }
}
