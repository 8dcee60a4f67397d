package dev.heddle.http.internal.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for bodies of requests that handlers gather whole, in all servers of the process: a share of the heap, so
 * that many uploads which wait for their peers do not use it up. Bodies that are read piece by piece need none.
 *
 * <p>Threads: any.
 */
public final class BodyMemory {

    /** A body of so many bytes does not count yet, so that small ones cost nothing. */
    public static final int FREE_BYTES = 64 * 1024;

    /** One byte of so many of the heap: an array that grows has room for twice as much, and what is made of it comes on top. */
    private static final int HEAP_SHARE = 4;

    public static final BodyMemory OF_PROCESS = new BodyMemory(Runtime.getRuntime().maxMemory() / HEAP_SHARE);

    private final long maxBytes;
    private final AtomicLong taken = new AtomicLong();

    public BodyMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes some for a body; false, and nothing is taken, if there is not so much. */
    public boolean tryTake(long bytes) {
        if (taken.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        give(bytes);
        return false;
    }

    public void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    @Override
    public String toString() {
        return "memory for bodies: " + taken + " of " + maxBytes + " bytes";
    }
}
