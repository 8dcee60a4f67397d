package dev.heddle.http.server;

import dev.heddle.http.internal.codec.QueryTypes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The options of one route: what it does differently from the others.
 *
 * <pre>{@code
 * var upload = RouteOptions.DEFAULT.withMaxBodyBytes(1L << 30).withMaxConcurrent(4);
 * builder.post("/videos", upload, videos::store);
 * }</pre>
 *
 * <p>All but {@code maxBodyBytes} are for the handler, inside the middleware, which thus sees the 503 as a response.
 *
 * <p>Threads: immutable, for any. To test a handler with options, ask it through a {@link TestClient} in the simulator.
 */
public final class RouteOptions {

    /** The rule for a handler whose peer goes away before it has answered. */
    public enum OnDisconnect {

        /** It goes on to its end; its response is thrown away. {@link Request#awaitDisconnect} tells it, if it asks. */
        SHIELD,

        /**
         * It is cancelled. The peer is watched from the moment the body has been read to its end. One that has only
         * ended its output counts as gone; one that has sent its next request already cannot be watched.
         */
        CANCEL
    }

    /** For {@code maxBodyBytes}: what the server's {@link ServerLimits} say. */
    public static final long SERVER_LIMIT = -1;

    /** No end, but that of the server's stop. */
    public static final Duration NO_DEADLINE = Duration.ofDays(365_000);

    /** No deadline, the server's limit of the body, any number at once, and peers that go away change nothing. */
    public static final RouteOptions DEFAULT = new RouteOptions(NO_DEADLINE, SERVER_LIMIT, Integer.MAX_VALUE,
            OnDisconnect.SHIELD, List.of());

    private final Duration deadline;
    private final long maxBodyBytes;
    private final int maxConcurrent;
    private final OnDisconnect onDisconnect;
    private final List<String> acceptQuery;

    private RouteOptions(Duration deadline, long maxBodyBytes, int maxConcurrent, OnDisconnect onDisconnect,
            List<String> acceptQuery) {
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("deadline is " + deadline + ", must be more than zero");
        }
        if (maxBodyBytes < SERVER_LIMIT) {
            throw new IllegalArgumentException("maxBodyBytes is " + maxBodyBytes + ", must not be negative");
        }
        Checks.atLeast("maxConcurrent", maxConcurrent, 1);
        Objects.requireNonNull(onDisconnect);
        this.deadline = deadline;
        this.maxBodyBytes = maxBodyBytes;
        this.maxConcurrent = maxConcurrent;
        this.onDisconnect = onDisconnect;
        this.acceptQuery = acceptQuery;
    }

    /**
     * How long the handler may take until it returns its response, reading the body included; then it is cancelled and
     * the peer gets 503. What it writes into a streamed body later is not part of it.
     */
    public Duration deadline() {
        return deadline;
    }

    /** Longest request body, without its framing; 413. */
    public long maxBodyBytes() {
        return maxBodyBytes;
    }

    /**
     * Most requests that the handler works on at the same time, on all loops together; one more gets 503 at once, with
     * {@code Retry-After}.
     */
    public int maxConcurrent() {
        return maxConcurrent;
    }

    /** What happens to the handler when its peer goes away. */
    public OnDisconnect onDisconnect() {
        return onDisconnect;
    }

    /**
     * The media types of the questions that a QUERY route takes (RFC 10008), in lower case; none to leave that to its
     * handler. A QUERY of another type gets 415, and one without a {@code Content-Type} 400. {@code Accept-Query} tells
     * them: with these errors, with 405 and the answer to OPTIONS of the same path, and with each response of the route.
     */
    public List<String> acceptQuery() {
        return acceptQuery;
    }

    /** These options with another deadline; see {@link #NO_DEADLINE}. */
    public RouteOptions withDeadline(Duration deadline) {
        return new RouteOptions(deadline, maxBodyBytes, maxConcurrent, onDisconnect, acceptQuery);
    }

    /** These options with another limit of the body, below or above that of the server. */
    public RouteOptions withMaxBodyBytes(long maxBodyBytes) {
        return new RouteOptions(deadline, maxBodyBytes, maxConcurrent, onDisconnect, acceptQuery);
    }

    /** These options with another bound of requests at the same time. */
    public RouteOptions withMaxConcurrent(int maxConcurrent) {
        return new RouteOptions(deadline, maxBodyBytes, maxConcurrent, onDisconnect, acceptQuery);
    }

    /** These options with another answer to peers that go away. */
    public RouteOptions withOnDisconnect(OnDisconnect onDisconnect) {
        return new RouteOptions(deadline, maxBodyBytes, maxConcurrent, onDisconnect, acceptQuery);
    }

    /**
     * These options with other media types of questions.
     *
     * @param types such as {@code application/json} or {@code text/*}, without parameters
     * @throws IllegalArgumentException if one is no media type
     */
    public RouteOptions withAcceptQuery(String... types) {
        return new RouteOptions(deadline, maxBodyBytes, maxConcurrent, onDisconnect, QueryTypes.checked(types));
    }

    boolean hasDeadline() {
        return deadline.compareTo(NO_DEADLINE) < 0;
    }

    @Override
    public String toString() {
        return "RouteOptions[deadline=" + deadline + ", maxBodyBytes=" + maxBodyBytes + ", maxConcurrent="
                + maxConcurrent + ", onDisconnect=" + onDisconnect + ", acceptQuery=" + acceptQuery + "]";
    }
}
