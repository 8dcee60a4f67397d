package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

final class UringUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new UringEngine();
    }
}
