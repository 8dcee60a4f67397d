package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Outcomes come out in the order of the input, within a bounded window. */
final class InOrderTest {

    private final List<Long> printed = new ArrayList<>();
    private final OrderedResults inOrder = new OrderedResults(4, outcome -> printed.add(outcome.index()));

    private void add(long index) {
        inOrder.add(FetchOutcome.refused(index, "u" + index, "none"));
    }

    @Test
    void outcomeWaitsForAllBeforeIt() {
        add(2);
        add(1);
        assertEquals(List.of(), printed);

        add(0);
        assertEquals(List.of(0L, 1L, 2L), printed);
    }

    @Test
    void windowIsBoundedByTheOldestThatIsMissing() {
        add(1);
        add(2);
        add(3);
        assertTrue(inOrder.hasRoom(3));
        assertFalse(inOrder.hasRoom(4));

        add(0);
        assertTrue(inOrder.hasRoom(7));
        assertFalse(inOrder.hasRoom(8));
    }

    @Test
    void sinkThatWaitsKeepsTheOrder() {
        OrderedResults[] waiting = new OrderedResults[1];
        waiting[0] = new OrderedResults(4, outcome -> {
            if (outcome.index() == 0) {
                // Another task, while this one waits.
                waiting[0].add(FetchOutcome.refused(2, "u", "none"));
            }
            printed.add(outcome.index());
        });
        waiting[0].add(FetchOutcome.refused(1, "u", "none"));
        waiting[0].add(FetchOutcome.refused(0, "u", "none"));

        assertEquals(List.of(0L, 1L, 2L), printed);
    }

    @Test
    void flushSkipsWhatNeverCame() {
        add(3);
        add(1);
        inOrder.flush();

        assertEquals(List.of(1L, 3L), printed);
    }

    @Test
    void flushOfNothingPrintsNothing() {
        inOrder.flush();

        assertEquals(List.of(), printed);
    }

    @Test
    void anyOrderWithinTheWindowComesOutInOrder() {
        for (int seed = 0; seed < 100; seed++) {
            printed.clear();
            OrderedResults shuffled = new OrderedResults(16, outcome -> printed.add(outcome.index()));
            Random random = new Random(seed);
            List<Long> running = new ArrayList<>();
            long next = 0;
            while (next < 500 || !running.isEmpty()) {
                while (next < 500 && shuffled.hasRoom(next)) {
                    running.add(next++);
                }
                Collections.shuffle(running, random);
                shuffled.add(FetchOutcome.refused(running.removeLast(), "u", "none"));
            }
            assertEquals(LongStream.range(0, 500).boxed().toList(), printed);
        }
    }
}
