package dev.heddle.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that puts results back from the order of completion into the order of the input, within a bounded window.
 *
 * <p>Threads: the tasks of one loop. The sink may wait; what other tasks add meanwhile is passed on after it, by the
 * task that waited.
 */
final class OrderedResults {

    /** How far completed outcomes may run ahead of the oldest one that is still missing. */
    static final int MAX_AHEAD = 65_536;

    private final int maxAhead;
    private final Consumer<FetchOutcome> sink;

    /** A ring: the outcome with index i waits at i modulo the length. */
    private final List<@Nullable FetchOutcome> ring = new ArrayList<>();

    private long next;
    private long highest = -1;

    /** A task is in the sink. */
    private boolean passing;

    OrderedResults(int maxAhead, Consumer<FetchOutcome> sink) {
        this.maxAhead = maxAhead;
        this.sink = sink;
    }

    /** Whether the outcome with this index may come. */
    boolean hasRoom(long index) {
        return index - next < maxAhead;
    }

    /** Takes an outcome, and passes on what is complete up to the next gap. */
    void add(FetchOutcome outcome) {
        int place = (int) (outcome.index() % maxAhead);
        while (ring.size() <= place) {
            ring.add(null);
        }
        ring.set(place, outcome);
        highest = Math.max(highest, outcome.index());
        if (passing) {
            return;
        }
        passing = true;
        try {
            for (FetchOutcome ready = takeNext(); ready != null; ready = takeNext()) {
                sink.accept(ready);
            }
        } finally {
            passing = false;
        }
    }

    /** Passes on all that came, in order, over the gaps: after an interruption some never come. */
    void flush() {
        while (next <= highest) {
            FetchOutcome ready = takeNext();
            if (ready == null) {
                next++;
            } else {
                sink.accept(ready);
            }
        }
    }

    private @Nullable FetchOutcome takeNext() {
        int place = (int) (next % maxAhead);
        FetchOutcome ready = place < ring.size() ? ring.get(place) : null;
        if (ready != null) {
            ring.set(place, null);
            next++;
        }
        return ready;
    }
}
