package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of what will happen. */
final class EventQueueTest {

    private final EventQueue events = new EventQueue();
    private final List<String> happened = new ArrayList<>();

    private EventQueue.Event add(long at, String name) {
        return events.add(at, () -> happened.add(name));
    }

    @Test
    void emptyQueueHasNoNextTimeAndRunsNothing() {
        assertEquals(EventQueue.NEVER, events.nextNanos());
        assertFalse(events.runDue(EventQueue.NEVER));
    }

    @Test
    void eventsHappenByTimeAndThenInTheOrderTheyWerePutIn() {
        add(20, "late");
        for (int i = 0; i < 50; i++) {
            add(10, "early " + i);
        }
        assertTrue(events.runDue(10));
        for (int i = 0; i < 50; i++) {
            assertEquals("early " + i, happened.get(i));
        }
        assertEquals(50, happened.size());
        assertEquals(20, events.nextNanos());
    }

    @Test
    void cancelledEventDoesNotHappenAndIsNotWaitedFor() {
        add(10, "a").cancel();
        add(20, "b");
        assertEquals(20, events.nextNanos());
        events.runDue(30);
        assertEquals(List.of("b"), happened);
    }

    @Test
    void cancellingWhatHasHappenedDoesNothing() {
        EventQueue.Event event = add(10, "a");
        events.runDue(10);
        event.cancel();
        assertEquals(List.of("a"), happened);
    }

    @Test
    void eventMayPutInAnotherForTheSameMoment() {
        events.add(10, () -> add(10, "second"));
        events.runDue(10);
        assertEquals(List.of("second"), happened);
    }

    @Test
    void eventAtTheEndOfTimeIsNotRunByAnEmptyLook() {
        add(EventQueue.NEVER, "never");
        assertFalse(events.runDue(EventQueue.NEVER - 1));
        assertEquals(List.of(), happened);
    }
}
