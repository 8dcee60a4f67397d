package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each two limits of a server that end at one moment leave a whole request whole, or without a word. */
final class LimitsThatMeetTest {

    @Test
    void eachPairLeavesAWholeRequestWhole() {
        assertEquals("", new LimitsThatMeet().apply(1));
    }

    @Tag("night")
    @Test
    void eachPairDoesInManyOrders() {
        assertEquals("", new LimitsThatMeet().apply(20));
    }

    @Tag("night")
    @Test
    void limitThatBlamesTheRequestOfAnotherIsFound() throws Exception {
        var bug = new PlantedBug("idle time told as that of a head", Path.of("src/main/java"),
                "dev/heddle/http/internal/server/Http1ServerConnection.java",
                "        phase = in.hasRemaining() ? Phase.HEAD : Phase.IDLE;\n        if (phase == Phase.IDLE) {",
                "        boolean idle = !in.hasRemaining();\n        phase = Phase.HEAD;\n        if (idle) {");
        String found = bug.foundBy(LimitsThatMeet.class, 1);
        assertTrue(found.contains("IDLE_TIME") && found.contains("408"), found);
    }
}
