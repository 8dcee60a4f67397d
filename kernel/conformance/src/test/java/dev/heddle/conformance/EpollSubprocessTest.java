package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;
import org.junit.jupiter.api.Tag;

/** The suite of subprocesses on epoll. */
@OnEngine("epoll")
@Tag("full")
final class EpollSubprocessTest extends LinuxSubprocessContract {

    @Override
    public Engine newEngine() {
        return new EpollEngine();
    }
}
