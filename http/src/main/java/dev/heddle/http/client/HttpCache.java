package dev.heddle.http.client;

import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.internal.Checks;
import java.util.concurrent.atomic.LongAdder;

/**
 * A private cache in memory for the replies to GET and HEAD requests (RFC 9111).
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
 * would be of no use. Requests with {@code Range} or a body pass it by; those with conditions of their own are not
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
 * <p>Threads: any; clients of several loops may share one. No method waits. To test code that uses one, run it in
 * simulated time, where a day passes at once.
 */
public final class HttpCache {

    /** The part of a cache that one body may take, unless said otherwise: the eighth. */
    private static final int BODY_PART = 8;

    private final MemoryStore store;
    private final LongAdder hits = new LongAdder();
    private final LongAdder revalidated = new LongAdder();
    private final LongAdder standIns = new LongAdder();
    private final LongAdder misses = new LongAdder();

    private HttpCache(MemoryStore store) {
        this.store = store;
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
        return new HttpCache(new MemoryStore(maxBytes, maxBodyBytes));
    }

    /**
     * Forgets what is kept of a URL.
     *
     * @throws IllegalArgumentException if the URL is not valid
     */
    public void forget(String url) {
        store.invalidate(ClientUrl.parse(url).toString());
    }

    /** Forgets everything. */
    public void clear() {
        store.clear();
    }

    /** What it holds and has done. */
    public HttpCacheStatistics statistics() {
        MemoryStore.Sizes sizes = store.sizes();
        return new HttpCacheStatistics(
                sizes.replies(), sizes.bytes(), hits.sum(), revalidated.sum(), standIns.sum(), misses.sum(),
                sizes.evictions());
    }

    // ---- for the client ----

    MemoryStore store() {
        return store;
    }

    void countHit() {
        hits.increment();
    }

    void countRevalidated() {
        revalidated.increment();
    }

    void countStandIn() {
        standIns.increment();
    }

    void countMiss() {
        misses.increment();
    }

    @Override
    public String toString() {
        return "HttpCache[" + statistics() + "]";
    }
}
