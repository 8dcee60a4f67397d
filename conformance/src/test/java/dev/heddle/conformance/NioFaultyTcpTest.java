package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;

final class NioFaultyTcpTest extends FaultyTcpContract {

    @Override
    protected Engine newEngine() {
        return new NioEngine();
    }
}
