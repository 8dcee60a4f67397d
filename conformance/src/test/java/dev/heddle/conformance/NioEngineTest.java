package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;

final class NioEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return new NioEngine();
    }
}
