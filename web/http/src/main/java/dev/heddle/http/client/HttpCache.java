package dev.heddle.http.client;

import dev.heddle.http.internal.cache.CacheFiles;
import dev.heddle.http.internal.cache.DiskStore;
import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.cache.ReplyCache;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.internal.Checks;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A private cache for the replies to GET and HEAD requests (RFC 9111), in memory, or in files too.
 *
 * <pre>{@code
 * var cache = HttpCache.inMemory(50_000_000);
 * var http = HttpClient.builder().cache(cache).build();
 * http.get("https://example.org/logo.svg").bytes();        // asks the server, and keeps the answer if that allows it
 * http.get("https://example.org/logo.svg").bytes();        // asks nobody while it is fresh
 * }</pre>
 *
 * <p>What the server says decides: a reply is fresh for its {@code max-age} or until it {@code Expires}; where it says
 * neither, for a tenth of the time since it was {@code Last-Modified}, at most a day. A stale one is asked about by its
 * {@code ETag} or date, and a 304 makes it fresh again. When the server cannot be reached or fails, {@code
 * stale-if-error} allows a stale one (RFC 5861). {@code Vary} is heeded; requests that change something make the cache
 * forget their URL. The {@code Cache-Control} of a request is obeyed: {@code no-cache} asks the server in any case,
 * {@code no-store} passes the cache by, {@code only-if-cached} asks nobody and gives a 504 where nothing is kept,
 * {@code max-age}, {@code min-fresh} and {@code max-stale} say how old is right.
 *
 * <p>Each redirect and each answer to one is a reply of its own. Replies that the cache had a part in say so in their
 * {@code Cache-Status} field (RFC 9211), as {@code heddle; hit; ttl=59} or {@code heddle; fwd=stale; fwd-status=304},
 * and kept ones have an {@code Age}. Cookies and HSTS are learned when a reply comes from its server, not again from
 * here.
 *
 * <p>Not kept are parts (206), bodies that are longer than the limit for one or were not read to their end, and what
 * would be of no use. Requests with {@code Range} or a body, and so QUERY, pass it by; those with conditions of their own are not
 * answered from it. {@code stale-while-revalidate} allows nothing here, since work that goes on behind a reply would
 * have no owner. A stale reply in place of a failure is given at once, without retries.
 *
 * <p>A reply is given only to requests with the same {@code Authorization} and {@code Cookie} as the one that it
 * answered, which is stricter than RFC 9111 asks: so one cache may serve a program that asks for many people. Clients
 * that share a cache must mean the same server by the same URL; do not share it between clients with different
 * connectors or trust.
 *
 * <p>The replies take at most the given bytes, bodies on their way included; beyond that, those go that were not used
 * longest. Of one URL at most 32 are kept that differ by what {@code Vary} names.
 *
 * <p>In files, one each, replies outlive the program. A file is written under another name, renamed, and has a
 * checksum: what a crash has torn is not there. Bodies that are too long for the memory go through files piece by
 * piece; such a file is read to its end once, for the checksum, before a program gives it for the first time. The names are hashes of URLs; the directory and its files are for their
 * owner alone, and have no credentials or cookies in them. What answered a request with {@code Authorization} is not
 * written, unless it is {@code public}, {@code must-revalidate} or {@code s-maxage}, nor a reply with {@code Set-Cookie}.
 * A directory is of one cache of one process at a time; another that is given it, or one that others may write to, is
 * told of in the log, and that cache is in memory alone. So it is with a full or broken disk, until half a minute after
 * the last failure. When the files take more bytes than given, those that were not used longest go.
 *
 * <p>Threads: any; clients of several loops may share one. In memory no method waits; where there are files, they are
 * the work of worker threads, for which calls wait, and {@link #forget}, {@link #clear} and {@link #close} do. What is
 * begun of it is not cut off by a cancel. To test code that uses one, run it in
 * simulated time, where a day passes at once.
 */
public final class HttpCache implements AutoCloseable {

    /** The part of a cache that one body may take, unless said otherwise: the eighth. */
    private static final int BODY_PART = 8;

    /** What a cache with files has in memory, unless said otherwise. */
    private static final long MEMORY_BYTES = 32_000_000;

    private final ReplyCache replies;

    private HttpCache(MemoryStore store, @Nullable CacheFiles files) {
        this.replies = new ReplyCache(store, files);
    }

    /**
     * An empty cache, in which one body takes an eighth at most.
     *
     * @param maxBytes most bytes of all replies, at least 1
     */
    public static HttpCache inMemory(long maxBytes) {
        return inMemory(maxBytes, maxBytes / BODY_PART);
    }

    /**
     * An empty cache.
     *
     * @param maxBytes most bytes of all replies, at least 1
     * @param maxBodyBytes most bytes of one body, as it comes, before it is decoded; longer ones are not kept
     */
    public static HttpCache inMemory(long maxBytes, long maxBodyBytes) {
        Checks.atLeast("maxBytes", maxBytes, 1);
        Checks.notNegative("maxBodyBytes", maxBodyBytes);
        return new HttpCache(new MemoryStore(maxBytes, maxBodyBytes), null);
    }

    /**
     * A cache that keeps its replies in files too, and so beyond the end of the program. In memory are as many as take
     * 32 MB, or {@code maxBytes} if that is less.
     *
     * @param directory made with the first request, for its owner alone, if it is not there; nobody else may write to
     *     it. What is in it of a cache before is used, and none of its files is anybody else's
     * @param maxBytes most bytes of all files, at least 1
     */
    public static HttpCache onDisk(Path directory, long maxBytes) {
        return onDisk(directory, maxBytes, Math.min(maxBytes, MEMORY_BYTES));
    }

    /**
     * A cache that keeps its replies in files too, as {@link #onDisk(Path, long)}.
     *
     * @param memoryBytes most bytes of all replies in memory, at least 1. What is longer than an eighth of it goes
     *     through files piece by piece, if its length is known before
     */
    public static HttpCache onDisk(Path directory, long maxBytes, long memoryBytes) {
        Checks.atLeast("maxBytes", maxBytes, 1);
        Checks.atLeast("memoryBytes", memoryBytes, 1);
        var store = new MemoryStore(memoryBytes, memoryBytes / BODY_PART);
        return new HttpCache(store, new CacheFiles(new DiskStore(directory, maxBytes), maxBytes / BODY_PART, store));
    }

    /**
     * Forgets what is kept of a URL.
     *
     * @throws IllegalArgumentException if the URL is not valid
     */
    public void forget(String url) {
        replies.invalidate(ClientUrl.parse(url).toString());
    }

    /** Forgets everything. */
    public void clear() {
        replies.clear();
    }

    /**
     * Gives the directory back, for another cache; does nothing for one in memory, or the second time. What is in files
     * stays there. The cache can still be used, in memory alone.
     */
    @Override
    public void close() {
        replies.close();
    }

    /** What it holds and has done. */
    public HttpCacheStatistics statistics() {
        MemoryStore.Sizes sizes = replies.sizes();
        MemoryStore.Sizes filed = replies.fileSizes();
        return new Statistics(
                sizes.replies(), sizes.bytes(), replies.hits(), replies.revalidated(), replies.standIns(),
                replies.misses(), sizes.evictions(), filed.replies(), filed.bytes(), replies.fileFailures());
    }

    /** What the calls of a client use of it. */
    ReplyCache replies() {
        return replies;
    }

    @Override
    public String toString() {
        return "HttpCache[" + statistics() + "]";
    }

    /** What the statistics are, at one moment. */
    record Statistics(int replies, long bytes, long hits, long revalidated, long standIns, long misses, long evictions,
            int filed, long fileBytes, long fileFailures) implements HttpCacheStatistics {}
}
