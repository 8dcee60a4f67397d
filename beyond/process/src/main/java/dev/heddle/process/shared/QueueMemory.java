package dev.heddle.process.shared;

import dev.heddle.file.FileFailedException;
import dev.heddle.internal.ReportLog;
import dev.heddle.process.SharedMemory;
import dev.heddle.process.internal.Shielded;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the queues of a manager share with other processes: how much each gets, and a bound for all. A queue that
 * gets none works by calls.
 *
 * <p>Threads: any.
 */
final class QueueMemory {

    private static final ReportLog LOG = new ReportLog("dev.heddle.process", Manager.class);

    /** Of all queues of a manager. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    // ---- of one queue ----

    private static final long BYTES_PER_ELEMENT = 1024;
    private static final long MIN_DATA_BYTES = 16 * 1024;
    private static final long MAX_DATA_BYTES = 1024 * 1024;

    /** Where nobody else sees them. */
    private static final long PRIVATE_DATA_BYTES = 1024;

    private final String manager;
    private final boolean shared;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param manager its name
     * @param shared false in a simulation
     */
    QueueMemory(String manager, boolean shared) {
        this.manager = manager;
        this.shared = shared;
    }

    /** Makes a queue of a capacity. */
    QueueObject make(int capacity) {
        long bytes = Ring.bytes(dataBytes(capacity));
        if (!shared || used.addAndGet(bytes) > MAX_BYTES) {
            giveBack(shared ? bytes : 0);
            return QueueObject.ofCalls(capacity, PRIVATE_DATA_BYTES);
        }
        try {
            SharedMemory memory = Shielded.get(() -> SharedMemory.create(bytes));
            return QueueObject.in(memory, capacity, () -> release(memory));
        } catch (FileFailedException | IllegalStateException | UnsupportedOperationException e) {
            giveBack(bytes);
            LOG.log(Level.INFO, "a queue of " + manager + " has no shared memory, and is slower for it", e);
            return QueueObject.ofCalls(capacity, PRIVATE_DATA_BYTES);
        }
    }

    private void release(SharedMemory memory) {
        try {
            memory.close();
        } catch (FileFailedException | IllegalStateException e) {
            LOG.log(Level.WARNING, "memory of a queue of " + manager + " stays until this process ends", e);
        }
        giveBack(memory.size());
    }

    private void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    private static long dataBytes(int capacity) {
        long wanted = Math.clamp(capacity * BYTES_PER_ELEMENT, MIN_DATA_BYTES, MAX_DATA_BYTES);
        return Long.highestOneBit(2 * wanted - 1);
    }
}
