package dev.heddle.http.cache;

import dev.heddle.http.internal.cache.CacheScope;
import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Middleware that keeps responses in memory and gives them to all who ask for the same: a shared cache (RFC 9111) in
 * front of handlers, also of a gateway.
 *
 * <pre>{@code
 * var cache = ResponseCache.inMemory(100_000_000);
 * routes.use(cache)
 *       .get("/article/{id}", request -> Response.html(page(request)).withETag()
 *               .withHeader("Cache-Control", "max-age=60, stale-while-revalidate=30")
 *               .withHeader("Cache-Tag", "articles"));
 * cache.purgeTag("articles");
 * }</pre>
 *
 * <p><b>What is kept.</b> The whole answer to a GET, if it says for how long, by {@code s-maxage}, {@code max-age} or
 * {@code Expires}: nothing is guessed. Not if it says {@code no-store}, {@code no-cache} or {@code private}, has a
 * {@code Set-Cookie} or {@code Vary: *}, is a part (206), a long file of the disk, an error other than 404 and 410, or longer
 * than one body may be. A request that shows who asks, by {@code Authorization}, {@code Cookie}, a certificate or a user
 * that was found further out, is given and leaves only what says {@code public} or {@code s-maxage}.
 *
 * <p><b>For whom.</b> A response is found by scheme, host, path and query, to the letter, and by the fields that its
 * {@code Vary} names; for all other fields of a request it is the same. What a handler looks at, such as {@code
 * X-Forwarded-Host} or {@code Accept-Language}, it has to name there, or who keeps it has to, by {@link #withKeyFields}:
 * else the first who sends it decides what all others see.
 *
 * <p><b>How it is used.</b> As long as it is fresh, by all, with its {@code Age}; for HEAD, for {@code Range}, and for
 * conditions, which are answered with 304 and 412 here. One that has grown old is asked about by its {@code ETag} or
 * date, and a 304 makes it fresh again. {@code stale-while-revalidate} gives it to all but the one who asks for a new
 * one; {@code stale-if-error} to all, when the handler throws or answers 500, 502, 503 or 504 (RFC 5861); {@code
 * must-revalidate}, {@code proxy-revalidate} and {@code s-maxage} forbid both: say {@code max-age} to allow them. Of requests for what is not there one at a time is passed
 * on, and the others wait for its response; not longer than {@link #withPatience}, and not for what has turned out to be
 * for its own request only. Other methods are passed on, and make it forget their URL if they succeed.
 *
 * <p>Of what a client says about caches, {@code no-store} and {@code only-if-cached} are heeded; with {@code no-cache}
 * and ages everybody could have all made anew, so they are not. {@code Cache-Status} (RFC 9211) says what happened,
 * behind what caches nearer to the origin say: {@code heddle; hit; ttl=40}, {@code heddle; fwd=uri-miss; stored; ttl=60}
 * for one that was asked for and is kept, {@code fwd=miss; collapsed} for one that has come by another's request, {@code
 * fwd=method} for methods that no cache keeps, such as QUERY.
 *
 * <p><b>Bounds.</b> The responses take at most the given bytes, bodies on their way included; beyond that the one goes
 * that was not asked for longest, but only for one that is asked for more often: many that are wanted once drive out
 * none that all want. Of one URL at most 32 are kept that differ by what {@code Vary} names. A streamed body is taken as
 * it is sent, at its peer's pace, and kept when that has its end; trailers are not kept.
 *
 * <p>Put it inside of what must see every request, such as authentication and limits, and outside of what makes the
 * response. Inside of a {@code Compression} it keeps one text and each peer's is compressed anew; outside, one for each
 * {@code Accept-Encoding}.
 *
 * <p>Threads: any; the loops of a server share it. Cancellation: who waits leaves at once; when the one who is waited
 * for is cancelled, or its peer goes, the next makes the response.
 *
 * <p>To test with it, ask through a test client in the simulator, where a minute passes at once.
 */
public final class ResponseCache implements Middleware {

    /** The part of a cache that one body may take, unless said otherwise: the eighth. */
    private static final int BODY_PART = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final long maxBytes;
    private final long maxBodyBytes;
    private final Duration patience;
    private final CacheScope scope;
    private final MemoryStore store;
    private final Flights flights = new Flights();
    private final Counts counts = new Counts();

    private ResponseCache(long maxBytes, long maxBodyBytes, Duration patience, CacheScope scope) {
        this.maxBytes = maxBytes;
        this.maxBodyBytes = maxBodyBytes;
        this.patience = patience;
        this.scope = scope;
        this.store = new MemoryStore(maxBytes, maxBodyBytes, true);
    }

    /**
     * An empty cache, in which one body takes an eighth at most.
     *
     * @param maxBytes most bytes of all responses, at least 1
     */
    public static ResponseCache inMemory(long maxBytes) {
        return inMemory(maxBytes, maxBytes / BODY_PART);
    }

    /**
     * An empty cache.
     *
     * @param maxBytes most bytes of all responses, at least 1
     * @param maxBodyBytes most bytes of one body; longer ones go by
     */
    public static ResponseCache inMemory(long maxBytes, long maxBodyBytes) {
        Checks.atLeast("maxBytes", maxBytes, 1);
        Checks.notNegative("maxBodyBytes", maxBodyBytes);
        return new ResponseCache(maxBytes, maxBodyBytes, PATIENCE, CacheScope.shared(List.of()));
    }

    /**
     * An empty cache like this one, in which a response is also found by some fields of requests, whatever its {@code
     * Vary} names.
     *
     * @param names such as {@code X-Tenant}; those that were named before stay
     * @throws IllegalArgumentException if one is no name of a field
     */
    public ResponseCache withKeyFields(String... names) {
        List<String> all = new ArrayList<>(scope.keyFields());
        for (String name : names) {
            FieldSyntax.checkName(name);
            all.add(name.toLowerCase(Locale.ROOT));
        }
        return new ResponseCache(maxBytes, maxBodyBytes, patience, CacheScope.shared(all));
    }

    /**
     * An empty cache like this one with another time that a request waits for the response to another, before it makes
     * its own.
     *
     * @param time 5 s if nothing is said
     */
    public ResponseCache withPatience(Duration time) {
        Checks.positive("patience", time);
        return new ResponseCache(maxBytes, maxBodyBytes, time, scope);
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        return new CachedExchange(this, request, next).answer();
    }

    /**
     * Forgets what is kept of a URL, and what is on its way.
     *
     * @param url as clients ask for it: {@code https://example.org/article/7?page=2}
     * @throws IllegalArgumentException if that is no URL with a path
     */
    public void purge(String url) {
        store.invalidate(CacheKey.of(url));
    }

    /**
     * Forgets what is kept of all URLs that begin so, and whatever is on its way.
     *
     * @param prefix such as {@code https://example.org/article/}
     * @return how many responses were forgotten
     * @throws IllegalArgumentException as {@link #purge}
     */
    public int purgePrefix(String prefix) {
        String begin = CacheKey.of(prefix);
        return store.removeIf(reply -> reply.url().startsWith(begin));
    }

    /**
     * Forgets all responses that have a tag in their {@code Cache-Tag} field, whose tags stand behind commas, and
     * whatever is on its way.
     *
     * @param tag as it stands there, in any case
     * @return how many responses were forgotten
     */
    public int purgeTag(String tag) {
        Objects.requireNonNull(tag);
        return store.removeIf(reply -> CacheKey.hasTag(reply.headers(), tag));
    }

    /** Forgets everything. */
    public void clear() {
        store.clear();
    }

    /** What it holds and has done. */
    public ResponseCacheStatistics statistics() {
        MemoryStore.Sizes sizes = store.sizes();
        return new Statistics(
                sizes.replies(), sizes.bytes(), counts.hits.sum(), counts.stale.sum(), counts.standIns.sum(),
                counts.revalidated.sum(), counts.misses.sum(), counts.waited.sum(), counts.passed.sum(),
                sizes.evictions(), sizes.refusals());
    }

    // ---- for its requests ----

    /** What has happened so far. */
    static final class Counts {
        final LongAdder hits = new LongAdder();
        final LongAdder stale = new LongAdder();
        final LongAdder standIns = new LongAdder();
        final LongAdder revalidated = new LongAdder();
        final LongAdder misses = new LongAdder();
        final LongAdder waited = new LongAdder();
        final LongAdder passed = new LongAdder();
    }

    MemoryStore store() {
        return store;
    }

    Flights flights() {
        return flights;
    }

    Counts counts() {
        return counts;
    }

    CacheScope scope() {
        return scope;
    }

    Duration patience() {
        return patience;
    }

    @Override
    public String toString() {
        return "ResponseCache[" + statistics() + "]";
    }

    /** What the statistics are, at one moment. */
    record Statistics(int responses, long bytes, long hits, long stale, long standIns, long revalidated, long misses,
            long waited, long passed, long evictions, long refusals) implements ResponseCacheStatistics {}
}
