package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code yard/bench/run --million} does, with fewer requests. */
final class MillionRequestsTest {

    private static final int FEWER = 20_000;

    @Tag("full")
    @Test
    void eachRequestThroughTheGatewayIsAnsweredWhole() {
        for (Need need : MillionRequests.NEEDS) {
            assumeTrue(need.isThere(), need.advice());
        }
        List<String> told = MillionRequests.run(FEWER);
        assertEquals(2, told.size(), told.toString());
    }
}
