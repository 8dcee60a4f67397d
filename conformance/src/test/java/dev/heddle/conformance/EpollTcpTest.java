package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;

final class EpollTcpTest extends TcpContract {

    @Override
    protected Engine newEngine() {
        return new EpollEngine();
    }
}
