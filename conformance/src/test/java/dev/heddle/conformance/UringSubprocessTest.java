package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

final class UringSubprocessTest extends LinuxSubprocessContract {

    @Override
    public Engine newEngine() {
        return new UringEngine();
    }
}
