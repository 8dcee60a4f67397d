package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;

final class EpollEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return new EpollEngine();
    }
}
