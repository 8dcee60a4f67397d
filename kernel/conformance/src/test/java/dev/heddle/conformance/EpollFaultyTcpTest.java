package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of TCP over bad connections on epoll. */
@OnEngine("epoll")
@Tag("full")
final class EpollFaultyTcpTest extends FaultyTcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("epoll").get();
    }
}
