package dev.heddle.http.client;

import dev.heddle.Backoff;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * The rule by which a client tries a request again by itself. Immutable; change one value with its {@code with} method.
 *
 * <pre>{@code
 * var http = HttpClient.builder().retries(RetryPolicy.DEFAULT.withAttempts(5)).build();
 * }</pre>
 *
 * <p>Tried again are the connection that cannot be made or is lost before the head of the answer, the limits of {@link
 * ClientTimeouts#connect()} and {@link ClientTimeouts#read()}, and the statuses listed here. Only requests with an
 * idempotent method (RFC 9110, section 9.2.2) and a body that can be sent again are, unless nothing can have reached
 * the server. What fails while the body of a reply is read is not: part of it has been used.
 *
 * <p>The wait before a try is never shorter than what Retry-After asks for. If it would not fit into the time of the
 * request, or Retry-After is longer than allowed, the last answer or failure is given at once. All retries of a client
 * together are bounded as well: to a fifth of its requests, and ten more, so that a server in trouble is not asked ever
 * more.
 */
public final class RetryPolicy {

    /** 3 tries; waits of 200 ms to 10 s, a minute for Retry-After; statuses 408, 425, 429, 502, 503 and 504. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(
            3,
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.5),
            Duration.ofMinutes(1),
            Set.of(408, 425, 429, 502, 503, 504),
            false);

    /** Never. */
    public static final RetryPolicy NONE = DEFAULT.withAttempts(1);

    private final int attempts;
    private final Backoff backoff;
    private final Duration maxRetryAfter;
    private final Set<Integer> statuses;
    private final boolean anyMethod;

    private RetryPolicy(int attempts, Backoff backoff, Duration maxRetryAfter, Set<Integer> statuses,
            boolean anyMethod) {
        Checks.atLeast("attempts", attempts, 1);
        Objects.requireNonNull(backoff);
        Checks.notNegative("maxRetryAfter", maxRetryAfter);
        statuses = Set.copyOf(statuses);
        for (int status : statuses) {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status " + status + " is no error, which are 400 to 599");
            }
        }
        this.attempts = attempts;
        this.backoff = backoff;
        this.maxRetryAfter = maxRetryAfter;
        this.statuses = statuses;
        this.anyMethod = anyMethod;
    }

    /** Most tries with the first one, at least 1. */
    public int attempts() {
        return attempts;
    }

    /** The wait before each try but the first. */
    public Backoff backoff() {
        return backoff;
    }

    /** The longest Retry-After that is waited for; zero to take no status with that field again. */
    public Duration maxRetryAfter() {
        return maxRetryAfter;
    }

    /** The statuses, 400 to 599, that are tried again. */
    public Set<Integer> statuses() {
        return statuses;
    }

    /** Whether POST, PATCH and other methods are tried again too: the server may then do the work twice. */
    public boolean anyMethod() {
        return anyMethod;
    }

    public RetryPolicy withAttempts(int attempts) {
        return new RetryPolicy(attempts, backoff, maxRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withBackoff(Backoff backoff) {
        return new RetryPolicy(attempts, backoff, maxRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withMaxRetryAfter(Duration maxRetryAfter) {
        return new RetryPolicy(attempts, backoff, maxRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withStatuses(Set<Integer> statuses) {
        return new RetryPolicy(attempts, backoff, maxRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withAnyMethod(boolean anyMethod) {
        return new RetryPolicy(attempts, backoff, maxRetryAfter, statuses, anyMethod);
    }

    @Override
    public String toString() {
        return "RetryPolicy[attempts=" + attempts + ", backoff=" + backoff + ", maxRetryAfter=" + maxRetryAfter
                + ", statuses=" + statuses + ", anyMethod=" + anyMethod + "]";
    }
}
