package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;

final class NioTcpTest extends TcpContract {

    @Override
    protected Engine newEngine() {
        return new NioEngine();
    }
}
