package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on engines. */
final class EnginesTest {

    @Test
    void engineIsForced() {
        Config config = Config.DEFAULT.withEngine(Engines.named("nio"));
        String engine = Heddle.run(config, () -> currentLoop().engine().name());

        assertEquals("nio", engine);
    }
}
