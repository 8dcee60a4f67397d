package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;

/** The suite of long transfers and pulled cables on the portable engine. */
@OnEngine("nio")
final class NioReliabilityTest extends ReliabilityContract {

    @Override
    protected void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("nio")), body);
    }
}
