package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;

/** The suite of Unix sockets on epoll. */
@OnEngine("epoll")
final class EpollUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new EpollEngine();
    }
}
