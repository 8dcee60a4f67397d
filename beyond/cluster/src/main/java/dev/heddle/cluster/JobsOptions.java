package dev.heddle.cluster;

import dev.heddle.Backoff;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The options by which a queue of jobs is kept. Give the same on every node.
 */
public final class JobsOptions {

    /** More than that is not for a store that keeps everything in memory on every server. */
    public static final int MAX_CAPACITY = 50_000;

    /** Bytes of payloads, and as many of results: every server of the store has them in memory. */
    private static final long MAX_BYTES = 64L << 20;

    /**
     * Ten thousand jobs, and as many results for an hour; 64 MiB of payloads, and as many of results; waits from a second
     * to ten minutes.
     */
    public static final JobsOptions DEFAULT = new JobsOptions(
            10_000,
            Duration.ofHours(1),
            10_000,
            MAX_BYTES,
            MAX_BYTES,
            Backoff.DEFAULT.withDelays(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            Map.of(),
            JobLimit.NONE);

    private final int capacity;
    private final Duration keepResults;
    private final int maxResults;
    private final long maxPayloadBytes;
    private final long maxResultBytes;
    private final Backoff backoff;
    private final Map<String, JobLimit> limits;
    private final JobLimit groupLimit;

    /** Checks the arguments. */
    private JobsOptions(int capacity, Duration keepResults, int maxResults, long maxPayloadBytes, long maxResultBytes,
            Backoff backoff, Map<String, JobLimit> limits, JobLimit groupLimit) {
        Checks.inRange("capacity", capacity, 1, MAX_CAPACITY);
        Checks.positive("keepResults", keepResults);
        Checks.inRange("maxResults", maxResults, 1, MAX_CAPACITY);
        Checks.inRange("maxPayloadBytes", maxPayloadBytes, StoreLimits.MAX_VALUE, Long.MAX_VALUE);
        Checks.inRange("maxResultBytes", maxResultBytes, StoreLimits.MAX_VALUE, Long.MAX_VALUE);
        Objects.requireNonNull(backoff, "backoff");
        this.capacity = capacity;
        this.keepResults = keepResults;
        this.maxResults = maxResults;
        this.maxPayloadBytes = maxPayloadBytes;
        this.maxResultBytes = maxResultBytes;
        this.backoff = backoff;
        this.limits = limits;
        this.groupLimit = Objects.requireNonNull(groupLimit, "groupLimit");
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

    /**
     * How many bytes the payloads of jobs may take that have not ended, dead letters among them; then who submits waits, as
     * at the {@link #capacity}.
     */
    public long maxPayloadBytes() {
        return maxPayloadBytes;
    }

    /** How many bytes the results that are kept may take; beyond them the oldest are forgotten. */
    public long maxResultBytes() {
        return maxResultBytes;
    }

    /** How long a job waits after a failed attempt before the next. */
    public Backoff backoff() {
        return backoff;
    }

    /** Another capacity. */
    public JobsOptions withCapacity(int capacity) {
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                limits, groupLimit);
    }

    /** Results are kept for another while. */
    public JobsOptions withKeepResults(Duration keepResults) {
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                limits, groupLimit);
    }

    /** Results are kept up to another number. */
    public JobsOptions withMaxResults(int maxResults) {
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                limits, groupLimit);
    }

    /** Other bytes of payloads, at least 64 KiB. */
    public JobsOptions withMaxPayloadBytes(long maxPayloadBytes) {
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                limits, groupLimit);
    }

    /** Other bytes of results, at least 64 KiB. */
    public JobsOptions withMaxResultBytes(long maxResultBytes) {
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                limits, groupLimit);
    }

    /** Other waits between attempts. */
    public JobsOptions withBackoff(Backoff backoff) {
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                limits, groupLimit);
    }

    /** The limits of jobs over all nodes, by their name. */
    public Map<String, JobLimit> limits() {
        return limits;
    }

    /** The limit of each {@linkplain JobSpec#withGroup group} over all nodes. */
    public JobLimit groupLimit() {
        return groupLimit;
    }

    /**
     * With a limit of the jobs of a name, over all nodes. Jobs beyond it wait, and keep no others waiting.
     *
     * @param name as a name in a cluster, but with at most 190 characters
     */
    public JobsOptions withLimit(String name, JobLimit limit) {
        JobSpec.checkGroup(name);
        Map<String, JobLimit> all = new TreeMap<>(limits);
        all.put(name, limit);
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                Collections.unmodifiableMap(all), groupLimit);
    }

    /** With a limit of the jobs of each {@linkplain JobSpec#withGroup group}, over all nodes. */
    public JobsOptions withGroupLimit(JobLimit groupLimit) {
        return new JobsOptions(capacity, keepResults, maxResults, maxPayloadBytes, maxResultBytes, backoff,
                limits, groupLimit);
    }

    @Override
    public String toString() {
        return "JobsOptions[capacity=" + capacity + ", keepResults=" + keepResults + ", maxResults=" + maxResults
                + ", maxPayloadBytes=" + maxPayloadBytes + ", maxResultBytes=" + maxResultBytes + ", backoff=" + backoff
                + ", limits=" + limits + ", groupLimit=" + groupLimit + "]";
    }
}
