package dev.heddle.cluster;

import dev.heddle.cluster.internal.jobs.FailedAttempt;
import java.time.Instant;
import java.util.Optional;

/**
 * The record of the last failed attempt at a job, as {@link JobSnapshot#failure} gives it.
 *
 * <p>Threads: immutable.
 */
public final class JobFailure {

    private final FailedAttempt attempt;

    JobFailure(FailedAttempt attempt) {
        this.attempt = attempt;
    }

    /**
     * The name of the class that was thrown; {@code lost} if the node was lost during the attempt, {@code expired} if
     * the {@linkplain JobSpec#withDeadline deadline} of the job has passed.
     */
    public String type() {
        return attempt.type();
    }

    /** What was thrown says about itself; at most 600 characters. May be empty. */
    public String message() {
        return attempt.message();
    }

    /**
     * The frames of the stack in lines, and those of the causes; at most 8,192 characters. Empty in {@link Jobs#list},
     * and where nothing was thrown.
     */
    public String stack() {
        return attempt.stack();
    }

    /** The number of the attempt. */
    public int attempt() {
        return attempt.attempt();
    }

    /** The node that made it; empty if it is not known. */
    public String node() {
        return attempt.node();
    }

    /** When it failed, by the wall clock of the node that told so. */
    public Optional<Instant> at() {
        return attempt.at() == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(attempt.at()));
    }

    @Override
    public String toString() {
        return "attempt " + attempt() + " has failed: " + attempt.text();
    }
}
