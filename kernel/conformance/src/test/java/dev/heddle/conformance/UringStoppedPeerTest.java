package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;

/** The suite of peers that are stopped on io_uring. */
@OnEngine("io_uring")
final class UringStoppedPeerTest extends StoppedPeerContract {

    @Override
    void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("io_uring")), body);
    }
}
