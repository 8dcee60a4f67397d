package dev.heddle.http.client;

import java.time.Duration;
import java.util.Set;

/**
 * The rule by which a client tries a request again by itself. Immutable; change one value with its {@code with} method.
 *
 * <pre>{@code
 * var http = HttpClient.builder().retries(RetryPolicy.DEFAULT.withAttempts(5)).build();
 * }</pre>
 *
 * <p>Tried again are the connection that cannot be made or is lost before the head of the answer, the limits of {@link
 * ClientTimeouts#connect()} and {@link ClientTimeouts#read()}, and the statuses listed here. Only requests with an idempotent method
 * (RFC 9110, section 9.2.2) and a body that can be sent again are, unless nothing can have reached the server. What fails while the
 * body of a reply is read is not: part of it has been used.
 *
 * <p>The wait before a try doubles, is drawn from the upper half of that, and is never shorter than what Retry-After asks for. If
 * it would not fit into the time of the request, or Retry-After is longer than allowed, the last answer or failure is given at once.
 * All retries of a client together are bounded as well: to a fifth of its requests, and ten more, so that a server in trouble is not
 * asked ever more.
 *
 * @param attempts most tries with the first one, at least 1
 * @param firstDelay the wait before the second try
 * @param longestDelay the longest wait that doubling gives
 * @param longestRetryAfter the longest Retry-After that is waited for; zero to take no status with that field again
 * @param statuses the statuses, 400 to 599, that are tried again
 * @param anyMethod whether POST, PATCH and other methods are tried again too: the server may then do the work twice
 */
public record RetryPolicy(
        int attempts,
        Duration firstDelay,
        Duration longestDelay,
        Duration longestRetryAfter,
        Set<Integer> statuses,
        boolean anyMethod) {

    /** 3 tries; waits of 200 ms to 10 s, a minute for Retry-After; statuses 408, 425, 429, 502, 503 and 504. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(
            3,
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Set.of(408, 425, 429, 502, 503, 504),
            false);

    /** Never. */
    public static final RetryPolicy NONE = DEFAULT.withAttempts(1);

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts is " + attempts + ", must be at least 1");
        }
        check("firstDelay", firstDelay);
        check("longestDelay", longestDelay);
        check("longestRetryAfter", longestRetryAfter);
        statuses = Set.copyOf(statuses);
        for (int status : statuses) {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status " + status + " is no error, which are 400 to 599");
            }
        }
    }

    public RetryPolicy withAttempts(int attempts) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withFirstDelay(Duration firstDelay) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withLongestDelay(Duration longestDelay) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withLongestRetryAfter(Duration longestRetryAfter) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withStatuses(Set<Integer> statuses) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestRetryAfter, statuses, anyMethod);
    }

    public RetryPolicy withAnyMethod(boolean anyMethod) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestRetryAfter, statuses, anyMethod);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + ", must not be negative");
        }
    }
}
