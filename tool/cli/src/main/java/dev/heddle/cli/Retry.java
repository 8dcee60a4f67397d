package dev.heddle.cli;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import java.time.Duration;

/**
 * The rule of retries: which failures may pass by themselves, and how long to wait before trying again.
 *
 * <p>A server that says when to come back is believed.
 */
final class Retry {

    static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.5);

    private Retry() {}

    /**
     * Whether a reply with this status may be another one next time (RFC 9110, section 15; RFC 6585, section 4):
     * time-outs, too many requests, and trouble of the server or a gateway.
     *
     * @param idempotent whether the request has the same effect when it arrives twice; if not, only those count that
     *     say it was not looked at
     */
    static boolean isWorthwhile(int status, boolean idempotent) {
        return switch (status) {
            case 408, 425, 429, 503 -> true;
            case 500, 502, 504 -> idempotent;
            default -> false;
        };
    }

    /**
     * Whether this failure may pass: a connection that could not be made or broke. A wrong name, a certificate, a reply
     * that is no HTTP or a redirect in a circle stay what they are.
     *
     * @param idempotent whether the request has the same effect when it arrives twice; if not, nothing may have been
     *     sent
     */
    static boolean isWorthwhile(Throwable failure, boolean idempotent) {
        return switch (failure) {
            case ConnectFailedException e -> e.phase() == ConnectFailedException.Phase.CONNECT;
            case TlsException e -> false;
            case BrokenException e -> idempotent;
            default -> false;
        };
    }

    /**
     * The wait before the next attempt, in nanoseconds.
     *
     * @param failures how many attempts have failed, at least 1
     * @param random any number; its bits spread the wait
     * @param retryAfter the value of the reply's Retry-After field, or an empty text; only its form in seconds counts
     */
    static long delayNanos(int failures, long random, String retryAfter) {
        return Math.max(BACKOFF.delay(failures, random).toNanos(), seconds(retryAfter) * 1_000_000_000L);
    }

    private static long seconds(String retryAfter) {
        if (retryAfter.isEmpty() || retryAfter.length() > 9) {
            return 0;
        }
        for (int i = 0; i < retryAfter.length(); i++) {
            if (retryAfter.charAt(i) < '0' || retryAfter.charAt(i) > '9') {
                return 0;
            }
        }
        return Long.parseLong(retryAfter);
    }
}
