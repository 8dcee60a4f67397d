package dev.heddle.cluster;

import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * A limit of jobs over all nodes of a cluster: how many run at a time, and how many are begun in any window of time.
 *
 * <pre>{@code
 * JobsOptions options = JobsOptions.DEFAULT
 *         .withLimit("render", JobLimit.NONE.withRunning(3))                     // of all "render" jobs
 *         .withGroupLimit(JobLimit.NONE.withRunning(1).withRate(10, Duration.ofSeconds(1)));   // of each group
 * }</pre>
 *
 * <p>Both are kept by the commits that begin jobs, not by what nodes believe. A rate is measured by the monotonic clocks
 * of the nodes, from when they have seen a job begin: so it is never exceeded, and after all nodes that handle jobs were
 * away a window passes first.
 */
public final class JobLimit {

    /** The longest window. */
    public static final Duration MAX_WINDOW = Duration.ofHours(1);

    /** The highest number of either kind: each is an entry of the store while it is used. */
    public static final int MAX = 1_000;

    /** No limit. */
    public static final JobLimit NONE = new JobLimit(0, 0, Duration.ofSeconds(1));

    private final int running;
    private final int begun;
    private final Duration window;

    private JobLimit(int running, int begun, Duration window) {
        this.running = running;
        this.begun = begun;
        this.window = window;
    }

    /** How many run at a time; 0 for no limit. */
    public int running() {
        return running;
    }

    /** How many are begun in a {@link #window}, second and later attempts among them; 0 for no limit. */
    public int begun() {
        return begun;
    }

    /** The window of time for {@link #begun}. */
    public Duration window() {
        return window;
    }

    /** With so many that run at a time, 1 to {@value #MAX}. */
    public JobLimit withRunning(int running) {
        Checks.inRange("running", running, 1, MAX);
        return new JobLimit(running, begun, window);
    }

    /**
     * With so many that are begun in any window, 1 to {@value #MAX}.
     *
     * @param window at least a millisecond, at most an hour
     */
    public JobLimit withRate(int begun, Duration window) {
        Checks.inRange("begun", begun, 1, MAX);
        Checks.atLeast("window", window.toMillis(), 1);
        Checks.atMost("window", window, MAX_WINDOW);
        return new JobLimit(running, begun, window);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JobLimit limit && running == limit.running && begun == limit.begun
                && window.equals(limit.window);
    }

    @Override
    public int hashCode() {
        return running * 31 + begun;
    }

    @Override
    public String toString() {
        return "JobLimit[running=" + running + ", begun=" + begun + ", window=" + window + "]";
    }
}
