package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which engine loops get. The portable one is the only one here. */
final class EnginesTest {

    @Test
    void portableEngineWorksEverywhere() {
        assertTrue(Engines.offers().contains(new Engines.Offer("nio", Optional.empty())));
        try (Engine engine = Engines.named("nio").get()) {
            assertEquals("nio", engine.name());
        }
    }

    @Test
    void bestThatWorksIsChosen() {
        List<Engines.Offer> offers = Engines.offers();
        String best = offers.stream().filter(offer -> offer.whyNot().isEmpty()).findFirst().orElseThrow().name();
        assertEquals(best, Engines.chosen());
        try (Engine engine = Engines.create()) {
            assertEquals(best, engine.name());
        }
    }

    @Test
    void unknownEngineIsRefusedWithThoseThereAre() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Engines.named("kqueue"));
        assertTrue(refused.getMessage().startsWith("there is no engine kqueue, asked for; there are: "),
                refused.getMessage());
        assertTrue(refused.getMessage().endsWith("nio"), refused.getMessage());
    }

    @Test
    void loopSaysWhichEngineItHas() {
        String text = Heddle.run(() -> Heddle.currentLoop().toString());
        assertTrue(text.contains(Engines.chosen()), text);
    }
}
