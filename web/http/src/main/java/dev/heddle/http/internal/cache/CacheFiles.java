package dev.heddle.http.internal.cache;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.http.internal.cache.DiskStore;
import dev.heddle.http.internal.cache.FileCollector;
import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.cache.RequestFields;
import dev.heddle.http.internal.cache.StoredReply;
import dev.heddle.internal.AsksSystem;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The files of a cache, as calls of a client use them: on worker threads, and as if they were not there where they fail.
 *
 * <p>Threads: any. Methods wait for the disk, on a loop as tasks do; what is begun is not cut off, since it is short.
 */
@AsksSystem("threads that are no tasks call it too")
public final class CacheFiles {

    /** How long nothing is written after a failure. */
    public static final Duration PAUSE = Duration.ofSeconds(30);

    /** The replies that wait for the next call to be written; beyond it the one that came first is not. */
    static final int MAX_LATER = 64;

    private static final Logger LOGGER = System.getLogger("dev.heddle.http");

    private final DiskStore disk;
    private final long maxBodyBytes;
    private final MemoryStore memory;
    private final AtomicLong failures = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Later> later = new ArrayDeque<>();

    private volatile long failedAtNanos;

    private volatile boolean hasFailed;

    public CacheFiles(DiskStore disk, long maxBodyBytes, MemoryStore memory) {
        this.disk = disk;
        this.maxBodyBytes = maxBodyBytes;
        this.memory = memory;
    }

    /** A reply that was not written yet. */
    private record Later(StoredReply reply, MemoryStore.Place place) {}

    /** Opens the directory, and writes what waits for it. */
    void ready() {
        if (!disk.isOpened()) {
            onWorker(this::open);
        }
        sweep();
        for (Later next = nextLater(); next != null; next = nextLater()) {
            write(next.reply(), next.place());
        }
    }

    private void open() {
        try {
            disk.open();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "an HTTP cache is in memory alone: " + e, e);
        }
    }

    private @Nullable Later nextLater() {
        lock.lock();
        try {
            return later.poll();
        } finally {
            lock.unlock();
        }
    }

    /** The reply of a file, which is in memory then. */
    @Nullable StoredReply find(String url, RequestFields fields) {
        if (!disk.knows(url)) {
            return null;
        }
        MemoryStore.Place place = memory.place(url, fields);
        Optional<StoredReply> found = Heddle.offload(() -> disk.find(url, fields, memory));
        if (found.isEmpty() || memory.isPast(place)) {
            found.ifPresent(reply -> reply.body().close());
            return null;
        }
        memory.put(found.get(), place); // not one that stays in its file
        return found.get();
    }

    /**
     * Begins to take a long body; null if it is not to be kept.
     *
     * @param length of the body
     */
    @Nullable FileCollector collect(StoredReply fresh, long length, MemoryStore.Place place) {
        return length <= maxBodyBytes && disk.isUsable() && !isPausing() && DiskStore.mayKeep(fresh)
                ? disk.collect(fresh, length, place, memory).orElse(null)
                : null;
    }

    /** Takes bytes of a long body. */
    void add(FileCollector collector, byte[] bytes, int offset, int count) {
        if (collector.add(bytes, offset, count)) {
            long now = nanoTime();
            onWorker(() -> {
                try {
                    collector.write();
                    hasFailed = false;
                } catch (IOException e) {
                    failed(e, now);
                    sweepNow(now);
                }
            });
        }
    }

    boolean knows(String url) {
        return disk.knows(url);
    }

    void write(StoredReply reply, MemoryStore.Place place) {
        if (disk.isUsable() && DiskStore.mayKeep(reply)) {
            if (isPausing()) {
                failures.incrementAndGet();
                remove(reply); // an older one is not to be found in its place
            } else {
                long now = nanoTime();
                onWorker(() -> put(reply, place, now));
            }
        }
    }

    private boolean isPausing() {
        return hasFailed && nanoTime() - failedAtNanos < PAUSE.toNanos();
    }

    private void put(StoredReply reply, MemoryStore.Place place, long now) {
        try {
            disk.put(reply, place, memory);
            hasFailed = false;
        } catch (IOException e) {
            disk.forget(reply);
            failed(e, now);
        }
    }

    private void failed(IOException e, long now) {
        failures.incrementAndGet();
        failedAtNanos = now;
        if (!hasFailed) {
            LOGGER.log(Level.WARNING, "an HTTP cache cannot write its files, and tries again in "
                    + PAUSE.toSeconds() + " s: " + e);
        }
        hasFailed = true;
    }

    void writeLater(StoredReply reply, MemoryStore.Place place) {
        lock.lock();
        try {
            later.add(new Later(reply, place));
            if (later.size() > MAX_LATER) {
                later.poll();
                failures.incrementAndGet();
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(StoredReply reply) {
        disk.forget(reply);
        sweep();
    }

    void invalidate(String url) {
        openFirst();
        disk.forget(url);
        sweep();
    }

    void clear() {
        openFirst();
        disk.forgetAll();
        sweep();
    }

    /** What is there of a program before is to be forgotten too. */
    private void openFirst() {
        if (!disk.isOpened()) {
            onWorker(this::open);
        }
    }

    private void sweep() {
        if (disk.hasGarbage()) {
            long now = nanoTime();
            onWorker(() -> sweepNow(now));
        }
    }

    private void sweepNow(long now) {
        try {
            disk.sweep();
        } catch (IOException e) {
            failed(e, now);
        }
    }

    void close() {
        if (disk.isUsable()) {
            ready();
        }
        long now = nanoTime();
        onWorker(() -> {
            try {
                disk.close();
            } catch (IOException e) {
                failed(e, now);
            }
        });
    }

    MemoryStore.Sizes sizes() {
        return disk.sizes();
    }

    long failures() {
        return failures.get();
    }

    /** On a loop, a worker does it and the task waits, also in a cancelled scope; elsewhere the thread itself. */
    private static void onWorker(Action work) {
        if (isTask()) {
            Heddle.shield(() -> Heddle.offload(work));
        } else {
            try {
                work.run();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static long nanoTime() {
        return isTask() ? Heddle.currentLoop().nanoTime() : System.nanoTime();
    }

    private static boolean isTask() {
        try {
            Heddle.currentTask();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
