package dev.heddle.linux;

import dev.heddle.engine.Engine;
import dev.heddle.net.EngineContract;

final class UringEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return new UringEngine();
    }
}
