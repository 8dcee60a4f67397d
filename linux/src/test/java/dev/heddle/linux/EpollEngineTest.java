package dev.heddle.linux;

import dev.heddle.engine.Engine;
import dev.heddle.net.EngineContract;

final class EpollEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return new EpollEngine();
    }
}
