package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of long transfers and pulled cables on io_uring. */
@OnEngine("io_uring")
@Tag("full") // seconds; the simulator has them in both runs
final class UringReliabilityTest extends ReliabilityContract {

    @Override
    protected void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("io_uring")), body);
    }
}
