package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of TCP on epoll. */
@OnEngine("epoll")
@Tag("full")
final class EpollTcpTest extends TcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("epoll").get();
    }
}
