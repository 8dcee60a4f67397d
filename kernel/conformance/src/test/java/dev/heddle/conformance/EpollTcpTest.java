package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of TCP on epoll. */
@OnEngine("epoll")
final class EpollTcpTest extends TcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("epoll").get();
    }
}
