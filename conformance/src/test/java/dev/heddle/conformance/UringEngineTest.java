package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

final class UringEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return new UringEngine();
    }
}
