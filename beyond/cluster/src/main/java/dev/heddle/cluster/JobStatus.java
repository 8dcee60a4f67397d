package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;

/** The state of a job, or how it has ended. */
public sealed interface JobStatus {

    /**
     * It waits for a node with a handler of its name and a free slot, for its time, or for other jobs: see
     * {@link JobSnapshot#awaited}.
     *
     * @param attempts how often it was begun before
     * @param error of the last attempt that failed: class and message; empty if there was none
     */
    record Waiting(int attempts, String error) implements JobStatus {}

    /**
     * A node is doing it.
     *
     * @param attempt the number of this attempt
     * @param progress what the handler has told last; empty if nothing
     * @param cancelling whether it was asked to end
     */
    record Running(String node, int attempt, Bytes progress, boolean cancelling) implements JobStatus {}

    /**
     * It is done, and its result is recorded.
     *
     * @param attempts how often it was begun
     */
    record Done(int attempts) implements JobStatus {}

    /**
     * It was cancelled; its handler, if it ran, has ended.
     *
     * @param reason empty if somebody has {@linkplain JobHandle#cancel cancelled} it; otherwise which of those that it
     *     {@linkplain JobSpec#withAfter waited} for was cancelled or discarded
     */
    record Cancelled(String reason) implements JobStatus {}

    /**
     * It has failed too often, or was {@linkplain JobNotRetriedException not to be retried}, and is kept until it is {@linkplain JobHandle#retry tried again} or
     * {@linkplain JobHandle#discard discarded}.
     *
     * @param error of the last attempt: class and message; {@link JobSnapshot#failure} has the rest
     */
    record Dead(int attempts, String error) implements JobStatus {}

    /** There is no such job: it was never submitted, or has ended and is forgotten. */
    record Unknown() implements JobStatus {}
}
