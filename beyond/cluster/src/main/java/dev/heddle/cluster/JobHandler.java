package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;

/** The handler of the jobs of a name. */
@FunctionalInterface
public interface JobHandler {

    /**
     * Does a job. It may be called more than once for the same job, also while an earlier call on another node has not
     * heard yet that its node has lost its lease: what it does should be the same when it is done twice, or be guarded
     * by {@link JobAttempt#token}.
     *
     * <p>Cancellation: it is cancelled when the job is, when the node leaves, and when the node has lost its lease.
     *
     * @return the result, at most 64 KiB
     * @throws JobNotRetriedException if the job is to be a dead letter at once
     * @throws JobRetryException if the time until the next attempt is another than the back-off of the queue
     * @throws Exception if the attempt has failed
     */
    Bytes handle(JobAttempt job) throws Exception;
}
