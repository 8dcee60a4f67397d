package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of programs of others on the portable engine. */
@OnEngine("nio")
@Tag("full")
final class NioInteropTest extends InteropContract {

    @Override
    void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("nio")), body);
    }
}
