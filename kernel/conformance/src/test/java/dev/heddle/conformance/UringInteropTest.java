package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of programs of others on io_uring. */
@OnEngine("io_uring")
@Tag("full")
final class UringInteropTest extends InteropContract {

    @Override
    void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("io_uring")), body);
    }
}
