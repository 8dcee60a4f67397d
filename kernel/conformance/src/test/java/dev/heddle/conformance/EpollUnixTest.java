package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;
import org.junit.jupiter.api.Tag;

/** The suite of Unix sockets on epoll. */
@OnEngine("epoll")
@Tag("full")
final class EpollUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new EpollEngine();
    }
}
