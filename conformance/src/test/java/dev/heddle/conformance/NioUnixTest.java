package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;

final class NioUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new NioEngine();
    }
}
