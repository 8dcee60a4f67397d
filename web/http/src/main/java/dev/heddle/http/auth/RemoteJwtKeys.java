package dev.heddle.http.auth;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.internal.sight.Kernel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a provider, fetched when they are needed: a set of JSON Web Keys (RFC 7517), by its URL or by what the
 * provider says of itself (OpenID Connect Discovery 1.0, section 4).
 *
 * <pre>{@code
 * var keys = RemoteJwtKeys.ofIssuer(http, "https://issuer.example");
 * var verifier = JwtVerifier.of(keys, "https://issuer.example", "my-service");
 * }</pre>
 *
 * <p>Keys are kept. After ten minutes they are fetched anew while the old ones go on counting; so a key that a provider
 * has taken back counts for some ten minutes more. Where fetches fail they count for a day. A token that names a key
 * that is not among them has them fetched too, since providers change keys; but however many such tokens come, there is
 * one fetch at a time, at most one in 30 seconds, and one in 5 seconds as long as they fail. Meanwhile who needs none of
 * the new keys does not wait.
 *
 * <p>URLs are https, but for this machine's own; redirects are not followed, a document has at most {@value #MAX_BYTES}
 * bytes and a fetch takes at most ten seconds.
 *
 * <p>Threads: any; the loops of a server share the keys. Cancellation: a cancelled call leaves the fetch to the others.
 * To test with it, serve a set of keys in the same loop.
 */
public final class RemoteJwtKeys implements JwtKeys {

    private static final System.Logger LOG = System.getLogger("dev.heddle.http");

    /** Longest document in bytes. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long STALE_NANOS = TimeUnit.DAYS.toNanos(1);
    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long GAP_AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Held(List<JwtKey> keys, long sinceNanos) {

        boolean mayHave(JwtAlgorithm algorithm, String id) {
            return keys.stream().anyMatch(key -> key.mayBe(algorithm, id));
        }

        boolean isOlder(long now, long nanos) {
            return now - sinceNanos >= nanos;
        }
    }

    private final HttpClient http;
    private final String url;

    /** The issuer whose word on its keys is asked for first; empty where the URL is that of the keys. */
    private final String issuer;

    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Held held;

    // ---- guarded by the lock ----

    private @Nullable Promise<Boolean> running;
    private boolean tried;
    private long triedNanos;
    private boolean failed;

    private RemoteJwtKeys(HttpClient http, String url, String issuer) {
        this.http = http;
        this.url = secure(url);
        this.issuer = issuer;
    }

    /**
     * The keys at a URL ({@code jwks_uri}).
     *
     * @param http stays the caller's to close
     * @param url https, or http to localhost or an address of it
     */
    public static RemoteJwtKeys of(HttpClient http, String url) {
        return new RemoteJwtKeys(http, url, "");
    }

    /**
     * The keys of an issuer, whose configuration says where they are.
     *
     * @param http stays the caller's to close
     * @param issuer a URL as for {@link #of}, letter by letter as its tokens have it
     */
    public static RemoteJwtKeys ofIssuer(HttpClient http, String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return new RemoteJwtKeys(http, base + "/.well-known/openid-configuration", issuer);
    }

    @Override
    public List<JwtKey> find(JwtAlgorithm algorithm, String id) {
        Loop loop = Heddle.currentLoop();
        long now = loop.nanoTime();
        Held known = held;
        boolean good = known != null && !known.isOlder(now, STALE_NANOS) && known.mayHave(algorithm, id);
        if (known != null && good && !known.isOlder(now, FRESH_NANOS)) {
            return known.keys();
        }
        Promise<Boolean> fetch = fetch(loop, now);
        if (known != null && good) {
            return known.keys();
        }
        if (fetch != null) {
            boolean _ = fetch.join();
        }
        Held newest = held;
        if (newest == null || newest.isOlder(loop.nanoTime(), STALE_NANOS)) {
            throw new BrokenException("the keys of tokens cannot be fetched");
        }
        return newest.keys();
    }

    /** Begins a fetch, or gives the one that is under way; null if it is too soon. */
    private @Nullable Promise<Boolean> fetch(Loop loop, long now) {
        Promise<Boolean> begun;
        lock.lock();
        try {
            if (running != null) {
                return running;
            }
            if (tried && now - triedNanos < (failed ? GAP_AFTER_FAILURE_NANOS : GAP_NANOS)) {
                return null;
            }
            tried = true;
            triedNanos = now;
            failed = true; // until it has succeeded
            begun = new Promise<>();
            running = begun;
        } finally {
            lock.unlock();
        }
        try {
            // The loop's, not the caller's: others wait for it too, and the caller's client may leave.
            Task<Void> task = Kernel.get().spawnService(loop, "fetch the keys of tokens", this::fetchKeys);
            var _ = task.onDone(_ -> end(begun));
        } catch (RuntimeException e) {
            end(begun);
            throw e;
        }
        return begun;
    }

    private void end(Promise<Boolean> fetch) {
        lock.lock();
        try {
            running = null;
        } finally {
            lock.unlock();
        }
        boolean _ = fetch.tryComplete(true);
    }

    private void fetchKeys() {
        try {
            String keysUrl = issuer.isEmpty() ? url : keysUrl(JsonWebKeys.object(document(url)));
            List<JwtKey> keys = JsonWebKeys.parse(document(keysUrl));
            held = new Held(keys, Heddle.currentLoop().nanoTime());
            lock.lock();
            try {
                failed = false;
            } finally {
                lock.unlock();
            }
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the keys of tokens cannot be fetched from " + url, e);
        }
    }

    /** What the provider says of itself; it must be the one that was asked (section 4.3). */
    private String keysUrl(Map<?, ?> configuration) {
        if (!issuer.equals(configuration.get("issuer"))) {
            throw new BrokenException("the configuration is of another issuer");
        }
        if (!(configuration.get("jwks_uri") instanceof String found)) {
            throw new BrokenException("the configuration has no jwks_uri");
        }
        return secure(found);
    }

    private byte[] document(String from) {
        try (Reply reply = http.request("GET", from)
                .header("Accept", "application/json")
                .followRedirects(false)
                .timeout(TIMEOUT)
                .send()) {
            if (reply.status() != 200) {
                throw new BrokenException("the provider answers " + reply.status());
            }
            return reply.bytes(MAX_BYTES);
        }
    }

    private static String secure(String url) {
        return SecureUrl.check("the keys of tokens are", url);
    }

    @Override
    public String toString() {
        return "RemoteJwtKeys[" + url + "]";
    }
}
