package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;

/** The cells of ends and losses with programs of others on io_uring. */
@OnEngine("io_uring")
final class UringLossPeerTest extends LossPeerContract {

    @Override
    void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("io_uring")), body);
    }
}
