package dev.heddle.cluster;

import dev.heddle.Backoff;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * The options by which a queue of jobs is kept. Give the same on every node.
 */
public final class JobsOptions {

    /** More than that is not for a store that keeps everything in memory on every server. */
    public static final int MAX_CAPACITY = 50_000;

    /** Ten thousand jobs, and as many results for an hour; waits from a second to ten minutes. */
    public static final JobsOptions DEFAULT = new JobsOptions(
            10_000,
            Duration.ofHours(1),
            10_000,
            Backoff.DEFAULT.withDelays(Duration.ofSeconds(1), Duration.ofMinutes(10)));

    private final int capacity;
    private final Duration keepResults;
    private final int maxResults;
    private final Backoff backoff;

    /** Checks the arguments. */
    private JobsOptions(int capacity, Duration keepResults, int maxResults, Backoff backoff) {
        Checks.inRange("capacity", capacity, 1, MAX_CAPACITY);
        Checks.positive("keepResults", keepResults);
        Checks.inRange("maxResults", maxResults, 1, MAX_CAPACITY);
        Objects.requireNonNull(backoff, "backoff");
        this.capacity = capacity;
        this.keepResults = keepResults;
        this.maxResults = maxResults;
        this.backoff = backoff;
    }

    /**
     * How many jobs may be there that have not ended, dead letters among them; at most {@value #MAX_CAPACITY}. Nodes
     * that submit at the same time may pass it by what they have under way.
     */
    public int capacity() {
        return capacity;
    }

    /** For how long an ended job and its result are known at least, if there is room for them. */
    public Duration keepResults() {
        return keepResults;
    }

    /** How many ended jobs are known at most; beyond them the oldest are forgotten. */
    public int maxResults() {
        return maxResults;
    }

    /** How long a job waits after a failed attempt before the next. */
    public Backoff backoff() {
        return backoff;
    }

    /** Another capacity. */
    public JobsOptions withCapacity(int capacity) {
        return new JobsOptions(capacity, keepResults, maxResults, backoff);
    }

    /** Results are kept for another while. */
    public JobsOptions withKeepResults(Duration keepResults) {
        return new JobsOptions(capacity, keepResults, maxResults, backoff);
    }

    /** Results are kept up to another number. */
    public JobsOptions withMaxResults(int maxResults) {
        return new JobsOptions(capacity, keepResults, maxResults, backoff);
    }

    /** Other waits between attempts. */
    public JobsOptions withBackoff(Backoff backoff) {
        return new JobsOptions(capacity, keepResults, maxResults, backoff);
    }

    @Override
    public String toString() {
        return "JobsOptions[capacity=" + capacity + ", keepResults=" + keepResults + ", maxResults=" + maxResults
                + ", backoff=" + backoff + "]";
    }
}
