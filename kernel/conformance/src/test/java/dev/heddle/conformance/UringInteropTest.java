package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;

/** The suite of programs of others on io_uring. */
@OnEngine("io_uring")
final class UringInteropTest extends InteropContract {

    @Override
    void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("io_uring")), body);
    }
}
