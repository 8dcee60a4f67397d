package dev.heddle.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job of a queue as it was when somebody looked. Its times are for people: each is by the wall clock of the node that
 * did it, and empty where there is none, or an earlier version of Heddle has not told it.
 */
public sealed interface JobSnapshot permits JobSnapshots.Snapshot {

    /** Its name in the queue. */
    String id();

    /** What chooses its handler; empty if it is not known. */
    String name();

    /** Its unique key; empty if it has none. */
    String key();

    JobStatus status();

    /** Its last failed attempt, if one has failed; of a job that is done or cancelled it is not kept. */
    Optional<JobFailure> failure();

    /** The batch that it belongs to; empty for none. */
    String batch();

    /**
     * The ids of the jobs for which it waits: those of its {@linkplain JobSpec#withAfter list} that have not ended as it
     * needs. Empty if it waits for none.
     */
    List<String> awaited();

    /** The batch for whose end it waits; empty if it waits for none. */
    String awaitedBatch();

    /** When it was submitted. */
    Optional<Instant> submitted();

    /** When it was or will be ready to be begun: since then it waits, or has waited. Empty if it has ended, or waits
     * for other jobs. */
    Optional<Instant> ready();

    /** When the attempt has begun that runs, or has ended it. */
    Optional<Instant> begun();

    /** When it has ended. */
    Optional<Instant> ended();
}
