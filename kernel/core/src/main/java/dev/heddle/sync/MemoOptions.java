package dev.heddle.sync;

import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The options of what a {@link Memo} keeps, and for how long.
 *
 * <p>Threads: immutable.
 */
public final class MemoOptions {

    /** Keeps 1,000 results for a minute each, and no failure. */
    public static final MemoOptions DEFAULT = new MemoOptions(Duration.ofMinutes(1), Duration.ZERO, 1_000);

    private final Duration timeToLive;
    private final Duration failureTimeToLive;
    private final int maxSize;

    private MemoOptions(Duration timeToLive, Duration failureTimeToLive, int maxSize) {
        Checks.notNegative("timeToLive", timeToLive);
        Checks.notNegative("failureTimeToLive", failureTimeToLive);
        Checks.atLeast("maxSize", maxSize, 1);
        this.timeToLive = timeToLive;
        this.failureTimeToLive = failureTimeToLive;
        this.maxSize = maxSize;
    }

    /** How long a result is kept from the end of its fetch; zero or more. */
    public Duration timeToLive() {
        return timeToLive;
    }

    /** How long a failure is kept and thrown again; zero or more. */
    public Duration failureTimeToLive() {
        return failureTimeToLive;
    }

    /** Most results and failures that are kept, at least 1. Of more, the one that was asked for longest ago goes. */
    public int maxSize() {
        return maxSize;
    }

    /** These options with another time for which results are kept; with zero only calls at the same time share one. */
    public MemoOptions withTimeToLive(Duration time) {
        return new MemoOptions(time, failureTimeToLive, maxSize);
    }

    /** These options with another time for which failures are kept, so that what is broken is not asked each time. */
    public MemoOptions withFailureTimeToLive(Duration time) {
        return new MemoOptions(timeToLive, time, maxSize);
    }

    /** These options with another bound of what is kept. */
    public MemoOptions withMaxSize(int results) {
        return new MemoOptions(timeToLive, failureTimeToLive, results);
    }

    @Override
    public String toString() {
        return "MemoOptions[timeToLive=" + timeToLive + ", failureTimeToLive=" + failureTimeToLive + ", maxSize="
                + maxSize + "]";
    }
}
