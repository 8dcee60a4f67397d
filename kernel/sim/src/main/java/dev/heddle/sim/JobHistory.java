package dev.heddle.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The life of jobs of a queue: none that was acknowledged is lost, none that was refused runs, and a result is recorded
 * once.
 *
 * <p>Threads: tasks of one loop, or one thread.
 *
 * @param <J> what names a job
 */
public final class JobHistory<J> {

    private final Set<J> submitted = new HashSet<>();
    private final Set<J> acknowledged = new LinkedHashSet<>();
    private final Set<J> refused = new HashSet<>();
    private final Set<J> ended = new HashSet<>();

    /** Makes an empty one. */
    public JobHistory() {}

    /** Somebody hands in a job. */
    public void submitted(J job) {
        submitted.add(job);
    }

    /** He was told that it is in. */
    public void acknowledged(J job) {
        acknowledged.add(job);
    }

    /**
     * He was told that it is not in, and never will be.
     *
     * @throws AssertionError if it has run
     */
    public void refused(J job) {
        refused.add(job);
        if (ended.contains(job)) {
            throw new AssertionError(job + " was refused, and has run");
        }
    }

    /**
     * An attempt at a job begins.
     *
     * @throws AssertionError if nobody has handed it in, or it was refused
     */
    public void begins(J job) {
        if (!submitted.contains(job) || refused.contains(job)) {
            throw new AssertionError(
                    job + " begins, and was " + (refused.contains(job) ? "refused" : "never handed in"));
        }
    }

    /**
     * The end of a job is recorded: its result, its last failure, its cancel.
     *
     * @throws AssertionError if there is a record of it already
     */
    public void recorded(J job) {
        begins(job);
        if (!ended.add(job)) {
            throw new AssertionError("the end of " + job + " was recorded twice");
        }
    }

    /**
     * Fails if a job is lost: to be called when all should be done.
     *
     * @throws AssertionError if a job that was acknowledged has no record
     */
    public void check() {
        List<J> lost = new ArrayList<>(acknowledged);
        lost.removeAll(ended);
        if (!lost.isEmpty()) {
            throw new AssertionError("acknowledged and lost: " + lost);
        }
    }
}
