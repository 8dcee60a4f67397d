package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Hash;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Middleware that lets each client ask so often and no more: a token bucket a client, as the generic cell rate
 * algorithm keeps it (ITU-T I.371), in one number.
 *
 * <pre>{@code
 * routes.use(RequestRateLimiter.of(100, Duration.ofMinutes(1)))
 * }</pre>
 *
 * <p>A client that has been quiet may send its whole quota at once; from then on places come back one by one, evenly
 * over the window. Who asks too often gets 429 with {@code Retry-After}, and its handler is not called. Each response
 * says in {@code RateLimit} what is left and in {@code RateLimit-Policy} what the rule is
 * (draft-ietf-httpapi-ratelimit-headers); where several limits stand around a handler, each adds its own.
 *
 * <p>A client is its address, as {@link Request#clientAddress} has it: behind a proxy, name that in {@link
 * HttpServer.Builder#trustProxies}, or all clients are one. Of an IPv6 address the first 64 bits count, since one
 * client has all the others; peers without an address are one client. {@link #by} counts by something else.
 *
 * <p>Counts are of this process. As many clients as {@link #withMaxClients} says are remembered; when there are more,
 * the one that has been quiet for longest is forgotten, and so begins with a full quota.
 *
 * <p>Threads: any; the loops of a server share the counts. A request that is cancelled has been counted.
 *
 * <p>To test with it, ask through a test client, in virtual time.
 */
public final class RequestRateLimiter implements Middleware {

    /** Clients that are remembered if nothing else is said, some 10 MB. */
    private static final int MAX_CLIENTS = 100_000;

    /** A longer key is remembered by its hash: it may be a field of the request, and as long as those may be. */
    private static final int MAX_KEY = 64;

    private static final int BYTES_OF_A_NETWORK = 8;
    private static final String DEFAULT_NAME = "default";

    /** Who comes through a stream that has no address. */
    private static final String NO_ADDRESS = "-";

    private final String name;
    private final int requests;
    private final long windowNanos;
    private final int burst;
    private final int maxClients;
    private final Function<? super Request, String> key;

    /** From one place to the next. */
    private final long gapNanos;

    private final String policy;
    private final ReentrantLock lock = new ReentrantLock();

    /** When each client's quota is whole again, by its key; who has asked last is the last. Guarded by the lock. */
    private final LinkedHashMap<String, Long> wholeAt = new LinkedHashMap<>(16, 0.75f, true);

    private RequestRateLimiter(
            String name,
            int requests,
            long windowNanos,
            int burst,
            int maxClients,
            Function<? super Request, String> key) {
        this.name = name;
        this.requests = requests;
        this.windowNanos = windowNanos;
        this.burst = burst;
        this.maxClients = maxClients;
        this.key = key;
        this.gapNanos = windowNanos / requests;
        this.policy = quoted(name) + ";q=" + requests + ";w="
                + Math.max(1, TimeUnit.NANOSECONDS.toSeconds(windowNanos));
    }

    /**
     * A limit for each client address.
     *
     * @param requests how many it may send in a window, at least 1; as many may come at once
     * @param window a microsecond a request to 365 days
     */
    public static RequestRateLimiter of(int requests, Duration window) {
        Checks.atLeast("requests", requests, 1);
        Checks.positive("window", window);
        Checks.atMost("window", window, Duration.ofDays(365));
        long nanos = window.toNanos();
        if (nanos / requests < TimeUnit.MICROSECONDS.toNanos(1)) {
            throw new IllegalArgumentException(requests + " requests in " + window + " are no limit");
        }
        return new RequestRateLimiter(DEFAULT_NAME, requests, nanos, requests, MAX_CLIENTS,
                RequestRateLimiter::address);
    }

    /**
     * The same where fewer may come at once.
     *
     * @param most 1 to the requests of a window
     */
    public RequestRateLimiter withBurst(int most) {
        Checks.inRange("burst", most, 1, requests);
        return new RequestRateLimiter(name, requests, windowNanos, most, maxClients, key);
    }

    /**
     * The same with another number of clients that are remembered.
     *
     * @param most at least 1; 100,000 if nothing is said
     */
    public RequestRateLimiter withMaxClients(int most) {
        Checks.atLeast("maxClients", most, 1);
        return new RequestRateLimiter(name, requests, windowNanos, burst, most, key);
    }

    /**
     * The same under another name, by which clients tell several limits apart.
     *
     * @param other 1 to 64 visible characters of ASCII without quotes and backslashes
     */
    public RequestRateLimiter named(String other) {
        if (!other.matches("[!-~&&[^\"\\\\]]{1,64}")) {
            throw new IllegalArgumentException("a limit cannot be named like that: " + other);
        }
        return new RequestRateLimiter(other, requests, windowNanos, burst, maxClients, key);
    }

    /**
     * The same, counted by something else: a user, a key of the API, a constant for all requests together.
     *
     * @param other the key of a request, such as {@code request -> request.user().orElse("")}; the empty one is not
     *     limited. Never null; it runs in the task of the request
     */
    public RequestRateLimiter by(Function<? super Request, String> other) {
        Objects.requireNonNull(other, "other");
        return new RequestRateLimiter(name, requests, windowNanos, burst, maxClients, other);
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        String client = Objects.requireNonNull(key.apply(request), "the key of a request is null");
        if (client.isEmpty()) {
            return next.handle(request);
        }
        long now = Heddle.currentLoop().nanoTime();
        long untilWhole = take(client.length() > MAX_KEY ? hash(client) : client, now);
        long mostNanos = gapNanos * burst;
        if (untilWhole > mostNanos) {
            long seconds = seconds(untilWhole - mostNanos);
            throw new StatusException(
                    429,
                    "too many requests; the next may come in " + seconds + (seconds == 1 ? " second" : " seconds"),
                    Headers.of(
                            "Retry-After", Long.toString(seconds),
                            "RateLimit-Policy", policy,
                            "RateLimit", left(0, seconds)));
        }
        Response response = next.handle(request);
        return response.withAddedHeader("RateLimit-Policy", policy)
                .withAddedHeader("RateLimit", left((mostNanos - untilWhole) / gapNanos, seconds(untilWhole)));
    }

    /** Takes a place if there is one. Gives the time until the quota is whole, with that place; too long if none is. */
    private long take(String client, long now) {
        lock.lock();
        try {
            Long before = wholeAt.get(client);
            long until = gapNanos + (before == null ? 0 : Math.max(0, before - now));
            if (until <= gapNanos * burst) {
                wholeAt.put(client, now + until);
                if (wholeAt.size() > maxClients) {
                    wholeAt.pollFirstEntry();
                }
            }
            return until;
        } finally {
            lock.unlock();
        }
    }

    private String left(long places, long seconds) {
        return quoted(name) + ";r=" + places + ";t=" + seconds;
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }

    /** Whole seconds, rather too many: who comes back then finds a place. */
    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1));
    }

    private static String address(Request request) {
        String address = request.clientAddress();
        byte[] bytes = IpAddresses.parse(address);
        if (bytes != null) {
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, BYTES_OF_A_NETWORK)));
        }
        return address.isEmpty() ? NO_ADDRESS : address;
    }

    private static String hash(String key) {
        return HexFormat.of().formatHex(Hash.sha256(key));
    }

    @Override
    public String toString() {
        return "RequestRateLimiter[" + policy + ", burst " + burst + "]";
    }
}
