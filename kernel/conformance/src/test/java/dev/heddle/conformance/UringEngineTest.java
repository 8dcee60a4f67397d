package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of engines on io_uring. */
@OnEngine("io_uring")
final class UringEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return Engines.named("io_uring").get();
    }
}
