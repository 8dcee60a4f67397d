package dev.heddle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one loop, each at the place of its {@link LoopLocal}. Threads: the loop's. */
final class LoopValues {

    private static final Object[] NONE = {};

    private final Loop loop;
    private @Nullable Object[] places = NONE;
    private final List<Runnable> ends = new ArrayList<>(0);
    private final List<LoopLocal<?>> underWay = new ArrayList<>(0);
    private boolean ended;

    LoopValues(Loop loop) {
        this.loop = loop;
    }

    /** What is at a place; null for nothing. */
    @Nullable Object at(int place) {
        @Nullable Object[] all = places;
        return place < all.length ? all[place] : null;
    }

    /** Says that a value is about to be made. */
    void begin(LoopLocal<?> local) {
        if (ended) {
            throw new IllegalStateException(loop.name() + " has ended; it makes no more values");
        }
        if (underWay.contains(local)) {
            throw new IllegalStateException("the value is being made: what makes it waits, or asks for it");
        }
        underWay.add(local);
    }

    void done(LoopLocal<?> local) {
        underWay.remove(local);
    }

    /** @param end ends the value with the loop */
    void set(int place, Object value, Runnable end) {
        if (place >= places.length) {
            places = Arrays.copyOf(places, Math.max(place + 1, 2 * places.length));
        }
        places[place] = value;
        ends.add(end);
    }

    /** Ends all values, each in a callback of its own, since that is code of users; on the loop's thread. */
    void end() {
        ended = true;
        for (Runnable end : ends.reversed()) {
            loop.callbacks.run(new LoopCallback(loop, end));
        }
        ends.clear();
        places = NONE;
    }
}
