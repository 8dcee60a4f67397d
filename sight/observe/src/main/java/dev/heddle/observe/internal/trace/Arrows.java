package dev.heddle.observe.internal.trace;

import dev.heddle.observe.internal.trace.TraceEvents.Place;
import dev.heddle.observe.internal.trace.TraceEvents.Track;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arrows of a trace from who wakes a task to where it runs. Those between two loops are put together here: one loop
 * tells where an arrow leaves, the other where it arrives, and either may be read first.
 *
 * <p>Threads: one at a time.
 */
final class Arrows {

    /** How often ends that have no other end yet are looked at. */
    private static final int LOOKS = 3;

    /** One end of an arrow, and the look before which it was told. */
    private record End(Track task, Place place, long time, int look) {}

    private final TraceEvents events;
    /** Where arrows leave, by the tasks that they lead to. */
    private final Map<Track, Deque<End>> left = new HashMap<>();

    private List<End> arrived = new ArrayList<>();
    private long last;
    private int look;

    Arrows(TraceEvents events) {
        this.events = events;
    }

    /** The number of another arrow. */
    long next() {
        return ++last;
    }

    /** What is on a track of one loop wakes a task of another. */
    void leave(Track to, long time, Track from) {
        left.computeIfAbsent(to, task -> new ArrayDeque<>()).add(new End(to, events.place(from), time, look));
    }

    /** A task runs that was woken from outside of its loop. */
    void arrive(Track task, long time) {
        arrived.add(new End(task, events.place(task), time, look));
    }

    /** Draws the arrows whose both ends are known. From an outside that has no recorder there is none. */
    void draw() throws IOException {
        List<End> waiting = new ArrayList<>();
        for (End arrival : arrived) {
            End from = departureTo(arrival);
            if (from != null) {
                long arrow = next();
                events.arrowBegin(arrow, from.place, from.time);
                events.arrowEnd(arrow, arrival.place, arrival.time);
            } else if (look - arrival.look < LOOKS) {
                waiting.add(arrival);
            }
        }
        arrived = waiting;
        left.values().forEach(departures -> departures.removeIf(each -> look - each.look >= LOOKS));
        left.values().removeIf(Deque::isEmpty);
        look++;
    }

    /** The last departure before an arrival; those before it were of wakes that the task needed no more. */
    private @Nullable End departureTo(End arrival) {
        Deque<End> departures = left.getOrDefault(arrival.task, new ArrayDeque<>());
        End found = null;
        while (!departures.isEmpty() && departures.getFirst().time <= arrival.time) {
            found = departures.removeFirst();
        }
        return found;
    }
}
