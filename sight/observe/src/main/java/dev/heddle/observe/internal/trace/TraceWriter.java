package dev.heddle.observe.internal.trace;

import dev.heddle.observe.internal.JsonLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The writer of one trace of several loops, either of what their rings hold already or of what they go on to do.
 *
 * <p>Memory: of each ring what was written since the last look, and something for each task that has run and not ended.
 *
 * <p>Threads: one at a time.
 */
final class TraceWriter {

    private final TraceEvents events;
    private final Arrows arrows;
    private final List<LoopTimeline> loops = new ArrayList<>();

    /** @param maxEvents most events; the trace ends there */
    TraceWriter(JsonLines out, long maxEvents) {
        events = new TraceEvents(out, maxEvents);
        arrows = new Arrows(events);
    }

    /** Takes a loop in, from what its ring still knows. */
    void addPast(LoopRing ring) {
        loops.add(new LoopTimeline(ring, events, arrows, ring.tail()));
    }

    /** Takes a loop in, from now on. */
    void addFuture(LoopRing ring) {
        loops.add(new LoopTimeline(ring, events, arrows, ring.head()));
    }

    /** Whether it has as many events as it may have. */
    boolean isFull() {
        return events.isFull();
    }

    /** Writes what has happened up to now. */
    void goOn() throws IOException {
        for (LoopTimeline loop : loops) {
            loop.goOn();
        }
        arrows.draw();
    }

    /** Writes the rest. */
    void end() throws IOException {
        for (LoopTimeline loop : loops) {
            loop.end();
        }
        arrows.draw();
    }
}
