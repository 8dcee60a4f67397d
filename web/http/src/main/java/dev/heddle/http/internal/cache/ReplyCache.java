package dev.heddle.http.internal.cache;

import dev.heddle.http.internal.cache.FileCollector;
import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.cache.RequestFields;
import dev.heddle.http.internal.cache.StoredReply;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The cache of a client, as its calls use it: the replies in memory, their files if there are any, and what the cache
 * has done.
 *
 * <p>Threads: any.
 */
public final class ReplyCache {

    private final MemoryStore store;
    private final @Nullable CacheFiles files;
    private final LongAdder hits = new LongAdder();
    private final LongAdder revalidated = new LongAdder();
    private final LongAdder standIns = new LongAdder();
    private final LongAdder misses = new LongAdder();

    public ReplyCache(MemoryStore store, @Nullable CacheFiles files) {
        this.store = store;
        this.files = files;
    }

    public MemoryStore store() {
        return store;
    }

    /** Sees to the files, if there are any: opens them, and writes what could not be written when it came. */
    public void ready() {
        CacheFiles mine = files;
        if (mine != null) {
            mine.ready();
        }
    }

    public @Nullable StoredReply find(String url, RequestFields fields, boolean wholeOnly) {
        StoredReply found = store.find(url, fields, wholeOnly);
        return found != null || files == null ? found : files.find(url, fields);
    }

    public boolean knows(String url) {
        return store.knows(url) || (files != null && files.knows(url));
    }

    public void remove(StoredReply reply) {
        store.remove(reply);
        if (files != null) {
            files.remove(reply);
        }
    }

    public void invalidate(String url) {
        store.invalidate(url);
        if (files != null) {
            files.invalidate(url);
        }
    }

    /** A reply has come into memory, and may go into a file. Waits for that, if the caller may wait. */
    public void stored(@Nullable StoredReply reply, MemoryStore.Place place) {
        if (files != null && reply != null) {
            files.write(reply, place);
        }
    }

    /** Begins to take a body that is too long for the memory; null if it is not to be kept. */
    public @Nullable FileCollector collect(StoredReply fresh, long length, MemoryStore.Place place) {
        return files == null ? null : files.collect(fresh, length, place);
    }

    /** Takes bytes of such a body. */
    public void add(FileCollector collector, byte[] bytes, int offset, int count) {
        if (files != null) {
            files.add(collector, bytes, offset, count);
        }
    }

    /** A reply has come into memory where nobody may wait: it is written by the next call. */
    public void storedMeanwhile(@Nullable StoredReply reply, MemoryStore.Place place) {
        if (files != null && reply != null) {
            files.writeLater(reply, place);
        }
    }

    public void countHit() {
        hits.increment();
    }

    public void countRevalidated() {
        revalidated.increment();
    }

    public void countStandIn() {
        standIns.increment();
    }

    public void countMiss() {
        misses.increment();
    }

    public void clear() {
        store.clear();
        if (files != null) {
            files.clear();
        }
    }

    /** Writes what waits for it, and lets the directory go. */
    public void close() {
        if (files != null) {
            files.close();
        }
    }

    // ---- what it has done ----

    public MemoryStore.Sizes sizes() {
        return store.sizes();
    }

    /** What lies in files. */
    public MemoryStore.Sizes fileSizes() {
        return files == null ? new MemoryStore.Sizes(0, 0, 0, 0) : files.sizes();
    }

    /** How often files could not be read or written. */
    public long fileFailures() {
        return files == null ? 0 : files.failures();
    }

    public long hits() {
        return hits.sum();
    }

    public long revalidated() {
        return revalidated.sum();
    }

    public long standIns() {
        return standIns.sum();
    }

    public long misses() {
        return misses.sum();
    }
}
