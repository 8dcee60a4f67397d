package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of TCP over bad connections on epoll. */
@OnEngine("epoll")
final class EpollFaultyTcpTest extends FaultyTcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("epoll").get();
    }
}
