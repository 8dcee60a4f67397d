package dev.heddle.cluster.storm;

import dev.heddle.cluster.storm.Storm.Engine;
import dev.heddle.cluster.storm.Storm.Strike;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A deploy that is a storm. A class of its own, so that it runs beside the others. */
@Tag("full")
final class RestartStormTest extends ShortStorm {

    @Test
    void restartOfAllNodesByTurnsAsAnotherVersionLosesAndDoublesNothing() throws Exception {
        weathers(Engine.EMBEDDED, LONG, 1, Strike.RESTART);
    }
}
