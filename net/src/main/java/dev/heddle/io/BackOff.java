package dev.heddle.io;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.Throwables;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * A policy of retries: how long to rest before trying again what failed, and how often. The rest is random from nothing
 * up to a bound that doubles with each failure in a row ("full jitter"), so that many who failed together do not come
 * back together.
 *
 * <pre>{@code
 * Page page = BackOff.DEFAULT.withMaxFailures(5).retry(() -> fetch(uri), e -> e instanceof ConnectFailedException);
 * }</pre>
 *
 * <p>Threads: immutable. Cancellation: as the bodies and {@link Heddle#sleep}; a cancel is never tried again, and the caller's
 * deadline bounds all tries together. To test code that uses it, run it in simulated time.
 *
 * @param first the bound of the first rest; positive
 * @param most the bound that doubling never passes; at least {@code first}
 * @param maxFailures how many failures in a row end it, at least 1; {@link Integer#MAX_VALUE} for no end
 */
public record BackOff(Duration first, Duration most, int maxFailures) {

    /** Rests of at most 100 ms, 200 ms, and so on to 30 s, without end: give it a deadline, or {@link #withMaxFailures}. */
    public static final BackOff DEFAULT = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(30),
            Integer.MAX_VALUE);

    /** Doubling more often than this overflows nothing and passes any bound. */
    private static final int MAX_DOUBLINGS = 40;

    private static final int FRACTIONS = 1 << 20;

    public BackOff {
        if (!first.isPositive()) {
            throw new IllegalArgumentException("first is " + first + ", must be more than zero");
        }
        if (most.compareTo(first) < 0) {
            throw new IllegalArgumentException("most is " + most + ", less than " + first);
        }
        if (maxFailures < 1) {
            throw new IllegalArgumentException("maxFailures is " + maxFailures + ", must be at least 1");
        }
    }

    /** The same with other rests. */
    public BackOff withDelays(Duration first, Duration most) {
        return new BackOff(first, most, maxFailures);
    }

    /** The same with another count of failures in a row that end it. */
    public BackOff withMaxFailures(int maxFailures) {
        return new BackOff(first, most, maxFailures);
    }

    /**
     * The longest rest after a number of failures in a row.
     *
     * @param failures at least 1
     */
    public Duration bound(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("failures is " + failures + ", must be at least 1");
        }
        int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        // Compared the other way round, since the doubled one might not fit into a duration.
        return most.dividedBy(1L << doublings).compareTo(first) < 0 ? most : first.multipliedBy(1L << doublings);
    }

    /**
     * A rest after a number of failures in a row, by the random numbers of the current loop's engine.
     *
     * @param failures at least 1
     */
    public Duration delay(int failures) {
        long part = Math.floorMod(Heddle.currentLoop().engine().random(), FRACTIONS);
        Duration bound = bound(failures);
        return bound.dividedBy(FRACTIONS).multipliedBy(part);
    }

    /**
     * Runs a body until it is done, and rests after each failure that may pass.
     *
     * <p>Cancellation: it reaches the body or ends the rest, and passes on.
     *
     * @param again whether a failure may pass; an {@link Error} and a cancel of the calling code never do
     * @return the body's result
     * @throws TaskFailedException if the last failure is a checked exception, which is the cause; an unchecked one comes as it is
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public <T> T retry(Callable<? extends T> body, Predicate<? super Exception> again) {
        for (int failures = 1;; failures++) {
            CancelScope.throwIfCancelled();
            try {
                return body.call();
            } catch (Exception e) {
                // A cancelled body may throw anything; what counts is that nobody wants the result any more.
                CancelScope.throwIfCancelled();
                if (failures >= maxFailures || !again.test(e)) {
                    throw Throwables.unchecked(e);
                }
            }
            Heddle.sleep(delay(failures));
        }
    }
}
