package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

/** The suite of subprocesses on io_uring. */
@OnEngine("io_uring")
final class UringSubprocessTest extends LinuxSubprocessContract {

    @Override
    public Engine newEngine() {
        return new UringEngine();
    }
}
