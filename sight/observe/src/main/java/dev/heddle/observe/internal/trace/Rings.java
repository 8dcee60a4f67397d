package dev.heddle.observe.internal.trace;

import dev.heddle.Loop;
import dev.heddle.engine.Engine;
import dev.heddle.internal.sight.Kernel;
import java.util.HashMap;
import java.util.Map;

/**
 * The rings of the loops of this process. A loop has one while somebody uses it, and all use the same.
 *
 * <p>Threads: any.
 */
final class Rings {

    /** Names the entries of a ring; must be a power of two: {@value #CAPACITY_PROPERTY}. */
    static final String CAPACITY_PROPERTY = "heddle.observe.record.entries";

    /** 8 MiB, some seconds of a busy loop. */
    private static final int CAPACITY = 1 << 20;

    private static final int MIN_CAPACITY = 1 << 10;
    private static final int MAX_CAPACITY = 1 << 26;

    /** What counts as zero for all loops that live in real time. */
    private static final long ORIGIN = System.nanoTime();

    private static final Map<Loop, Used> USED = new HashMap<>();
    private static int last;

    private static final class Used {
        final LoopRing ring;
        final Runnable takeOff;
        int users;

        Used(LoopRing ring, Runnable takeOff) {
            this.ring = ring;
            this.takeOff = takeOff;
        }
    }

    private Rings() {}

    /** Begins to use the ring of a loop. */
    static LoopRing use(Loop loop) {
        synchronized (USED) {
            Used used = USED.computeIfAbsent(loop, Rings::begin);
            used.users++;
            return used.ring;
        }
    }

    private static Used begin(Loop loop) {
        Engine engine = loop.engine();
        long origin = engine.isSimulated() ? engine.nanoTime() : ORIGIN;
        var ring = new LoopRing(loop, ++last & Entries.MAX_BESIDE, () -> engine.nanoTime() - origin, capacity());
        return new Used(ring, Kernel.get().record(loop, ring));
    }

    /** Ends the use of a ring. */
    static void release(LoopRing ring) {
        synchronized (USED) {
            Used used = USED.get(ring.loop());
            if (used != null && --used.users == 0) {
                USED.remove(ring.loop());
                used.takeOff.run();
            }
        }
    }

    /** The next power of two to what is asked for. */
    private static int capacity() {
        int asked = Integer.getInteger(CAPACITY_PROPERTY, CAPACITY);
        int within = Math.max(MIN_CAPACITY, Math.min(asked, MAX_CAPACITY));
        return Integer.highestOneBit(within - 1) << 1;
    }
}
