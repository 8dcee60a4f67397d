package dev.heddle;

import dev.heddle.internal.Checks;
import dev.heddle.internal.Durations;
import dev.heddle.internal.Throwables;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Exponential waits between tries: each failure in a row doubles the wait up to a bound, and a part of it is random, so
 * that many who failed together do not come back together.
 *
 * <pre>{@code
 * Page page = Backoff.DEFAULT.retry(5, () -> fetch(uri), e -> e instanceof ConnectFailedException);
 * }</pre>
 *
 * <p>Threads: immutable. To test code that uses it, run it in simulated time.
 *
 * @param first the bound of the first wait; not negative. Zero stays zero when it is doubled: nobody waits then
 * @param max the bound that doubling never passes; at least {@code first}
 * @param jitter how much of each wait is random, 0 to 1: it is drawn evenly from the bound less that part up to the
 *     bound. 1 draws from nothing to all ("full jitter"), 0 always waits for the bound
 */
public record Backoff(Duration first, Duration max, double jitter) {

    /** Waits of at most 100 ms, 200 ms and so on to 30 s, all of it random. */
    public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), 1);

    /** Doubling more often than this overflows nothing and passes any bound. */
    private static final int MAX_DOUBLINGS = 40;

    private static final int FRACTIONS = 1 << 20;

    public Backoff {
        Checks.notNegative("first", first);
        if (max.compareTo(first) < 0) {
            throw new IllegalArgumentException("max is " + max + ", less than " + first);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter is " + jitter + ", must be from 0 to 1");
        }
    }

    /** The same with other bounds. */
    public Backoff withDelays(Duration first, Duration max) {
        return new Backoff(first, max, jitter);
    }

    /** The same with another random part. */
    public Backoff withJitter(double jitter) {
        return new Backoff(first, max, jitter);
    }

    /**
     * The longest wait after a number of failures in a row.
     *
     * @param failures at least 1
     */
    public Duration bound(int failures) {
        Checks.atLeast("failures", failures, 1);
        long times = 1L << Math.min(failures - 1, MAX_DOUBLINGS);
        // Compared the other way round, since the doubled one might not fit into a duration.
        return max.dividedBy(times).compareTo(first) < 0 ? max : first.multipliedBy(times);
    }

    /**
     * A wait after a number of failures in a row, by the random numbers of the current loop's engine.
     *
     * @param failures at least 1
     * @throws IllegalStateException if the caller is not on a loop and a part of the wait is random
     */
    public Duration delay(int failures) {
        return jitter == 0 ? bound(failures) : delay(failures, Heddle.currentLoop().engine().random());
    }

    /**
     * A wait after a number of failures in a row.
     *
     * @param failures at least 1
     * @param random any number; its bits spread the wait
     */
    public Duration delay(int failures, long random) {
        long bound = Durations.toNanos(bound(failures));
        long spread = (long) (bound * jitter);
        double part = Math.floorMod(random, FRACTIONS) / (double) FRACTIONS;
        return Duration.ofNanos(bound - spread + (long) (spread * part));
    }

    /**
     * Runs a body until it is done, and waits after each failure that may pass, without end: give it a deadline, or a
     * {@linkplain #retry(int, Callable, Predicate) number of tries}.
     *
     * @see #retry(int, Callable, Predicate)
     */
    public <T> T retry(Callable<? extends T> body, Predicate<? super Exception> again) {
        return retry(Integer.MAX_VALUE, body, again);
    }

    /**
     * Runs a body until it is done, and waits after each failure that may pass.
     *
     * <p>Cancellation: it reaches the body or ends the wait, and passes on; it is never tried again. The caller's
     * deadline bounds all tries together.
     *
     * @param maxFailures how many failures in a row end it, at least 1
     * @param again whether a failure may pass; an {@link Error} and a cancel of the calling code never do. It is asked of
     *     what the failure {@linkplain GroupException#leaves stands for}: of each failure of a group, which must all be
     *     such that may pass, and of a checked exception itself
     * @return the body's result
     * @throws TaskFailedException if the last failure is a checked exception, which is the cause; an unchecked one
     *     comes as it is
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public <T> T retry(int maxFailures, Callable<? extends T> body, Predicate<? super Exception> again) {
        Checks.atLeast("maxFailures", maxFailures, 1);
        for (int failures = 1;; failures++) {
            CancelScope.throwIfCancelled();
            try {
                return body.call();
            } catch (Exception e) {
                // A cancelled body may throw anything; what counts is that nobody wants the result any more.
                CancelScope.throwIfCancelled();
                if (failures >= maxFailures || !mayPass(e, again)) {
                    throw Throwables.unchecked(e);
                }
            }
            Heddle.sleep(delay(failures));
        }
    }

    private static boolean mayPass(Exception failure, Predicate<? super Exception> again) {
        for (Throwable leaf : GroupException.leaves(failure)) {
            if (!(leaf instanceof Exception e && again.test(e))) {
                return false;
            }
        }
        return true;
    }
}
