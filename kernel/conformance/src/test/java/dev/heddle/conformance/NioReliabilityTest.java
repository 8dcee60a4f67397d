package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of long transfers and pulled cables on the portable engine. */
@OnEngine("nio")
@Tag("full") // seconds; the simulator has them in both runs
final class NioReliabilityTest extends ReliabilityContract {

    @Override
    protected void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("nio")), body);
    }
}
