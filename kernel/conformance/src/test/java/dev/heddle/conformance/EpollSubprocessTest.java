package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;

/** The suite of subprocesses on epoll. */
@OnEngine("epoll")
final class EpollSubprocessTest extends LinuxSubprocessContract {

    @Override
    public Engine newEngine() {
        return new EpollEngine();
    }
}
