package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of engines on the portable one. */
@OnEngine("nio")
final class NioEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return Engines.named("nio").get();
    }
}
