package dev.heddle.sync;

import dev.heddle.Backoff;
import dev.heddle.GroupException;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The options of when a {@link CircuitBreaker} opens, and for how long.
 *
 * <p>Threads: immutable.
 */
public final class CircuitBreakerOptions {

    // Before the default, which is checked against them.
    private static final Duration MIN_WINDOW = Duration.ofMillis(10);
    private static final Duration MAX_WINDOW = Duration.ofDays(1);

    /**
     * Opens when half of at least 20 calls within 10 s have failed, by any exception; for 5 s at first and a minute at
     * most, a fifth of it random; closes behind 3 calls that succeed.
     */
    public static final CircuitBreakerOptions DEFAULT = new CircuitBreakerOptions(
            0.5, 20, Duration.ofSeconds(10), new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(1), 0.2), 3,
            failure -> true);

    private final double failureShare;
    private final int minCalls;
    private final Duration window;
    private final Backoff pause;
    private final int trials;
    private final Predicate<? super Exception> failures;

    private CircuitBreakerOptions(double failureShare, int minCalls, Duration window, Backoff pause, int trials,
            Predicate<? super Exception> failures) {
        if (!(failureShare > 0 && failureShare <= 1)) {
            throw new IllegalArgumentException("failureShare is " + failureShare + ", must be above 0, at most 1");
        }
        Checks.atLeast("minCalls", minCalls, 1);
        if (window.compareTo(MIN_WINDOW) < 0) {
            throw new IllegalArgumentException("window is " + window + ", must be at least " + MIN_WINDOW);
        }
        Checks.atMost("window", window, MAX_WINDOW);
        Checks.positive("the first pause", pause.first());
        Checks.atLeast("trials", trials, 1);
        Objects.requireNonNull(failures);
        this.failureShare = failureShare;
        this.minCalls = minCalls;
        this.window = window;
        this.pause = pause;
        this.trials = trials;
        this.failures = failures;
    }

    /** The part of the calls of a window that must have failed for it to open; above 0, at most 1. */
    public double failureShare() {
        return failureShare;
    }

    /** With fewer calls in a window it stays closed, at least 1. */
    public int minCalls() {
        return minCalls;
    }

    /** How far back calls count, 10 ms to a day. */
    public Duration window() {
        return window;
    }

    /** For how long it is open: the first time by the first delay, and longer each time that a trial fails. */
    public Backoff pause() {
        return pause;
    }

    /** So many calls in a row must succeed after a pause until it closes, and no more are under way; at least 1. */
    public int trials() {
        return trials;
    }

    /**
     * Which exceptions of calls count as failures; called in the calling task, must not wait. A cancel of the call and
     * an {@link Error} never count. It is asked of what an exception {@linkplain GroupException#leaves stands for}: a
     * group counts if one of its failures does.
     */
    public Predicate<? super Exception> failures() {
        return failures;
    }

    /** The same with another part of the calls that must have failed. */
    public CircuitBreakerOptions withFailureShare(double failureShare) {
        return new CircuitBreakerOptions(failureShare, minCalls, window, pause, trials, failures);
    }

    /** The same with another number of calls in a window before which it stays closed. */
    public CircuitBreakerOptions withMinCalls(int minCalls) {
        return new CircuitBreakerOptions(failureShare, minCalls, window, pause, trials, failures);
    }

    /** The same with another time in which calls count. */
    public CircuitBreakerOptions withWindow(Duration time) {
        return new CircuitBreakerOptions(failureShare, minCalls, time, pause, trials, failures);
    }

    /** The same with other pauses. */
    public CircuitBreakerOptions withPause(Backoff delays) {
        return new CircuitBreakerOptions(failureShare, minCalls, window, delays, trials, failures);
    }

    /** The same with another number of calls that must succeed until it closes. */
    public CircuitBreakerOptions withTrials(int calls) {
        return new CircuitBreakerOptions(failureShare, minCalls, window, pause, calls, failures);
    }

    /** The same where only some exceptions count: not those that say that the caller was wrong, for example. */
    public CircuitBreakerOptions withFailures(Predicate<? super Exception> which) {
        return new CircuitBreakerOptions(failureShare, minCalls, window, pause, trials, which);
    }

    @Override
    public String toString() {
        return "CircuitBreakerOptions[failureShare=" + failureShare + ", minCalls=" + minCalls + ", window=" + window
                + ", pause=" + pause + ", trials=" + trials + ", failures=" + failures + "]";
    }
}
