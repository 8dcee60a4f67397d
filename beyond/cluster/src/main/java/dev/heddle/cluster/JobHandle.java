package dev.heddle.cluster;

import dev.heddle.ClosedException;
import dev.heddle.cluster.store.Bytes;

/**
 * A job that was submitted. It is no more than its id: another node, or a later run of the program, makes the same with
 * {@link Jobs#job}.
 *
 * <p>Threads: tasks of any loop.
 *
 * @param id the name of the job in its queue
 */
public record JobHandle(Jobs jobs, String id) {

    /**
     * Waits until the job has ended.
     *
     * <p>Cancellation: a cancelled call leaves the job alone.
     *
     * @return its result
     * @throws JobCancelledException if it was cancelled
     * @throws JobFailedException if it is a dead letter
     * @throws JobForgottenException if it is not known
     * @throws ClosedException if this node leaves the cluster
     */
    public Bytes join() {
        return jobs.awaitResult(id);
    }

    /**
     * What has become of it.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public JobStatus status() {
        return snapshot().status();
    }

    /** What has become of it, with its name and times; otherwise as {@link #status}. */
    public JobSnapshot snapshot() {
        return jobs.snapshotOf(id);
    }

    /**
     * Cancels it: what waits ends at once; what runs is asked to end, as a task is, and has ended when {@link #join}
     * says so. A job that is done by then stays done.
     *
     * <p>Cancellation: a cancelled call may have cancelled the job.
     *
     * @return whether it is cancelled, or asked to end; false if it is done, a dead letter, or not known
     */
    public boolean cancel() {
        return jobs.cancel(id);
    }

    /**
     * Lets a job that waits for its time, or for its next attempt, begin now.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @return whether it waits
     */
    public boolean runNow() {
        return jobs.runNow(id);
    }

    /**
     * Puts a dead letter back into the queue, with all of its attempts before it.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @return whether it was a dead letter
     * @throws IllegalStateException if another job has its unique key by now
     */
    public boolean retry() {
        return jobs.retry(id);
    }

    /**
     * Takes away a dead letter.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @return whether it was a dead letter
     */
    public boolean discard() {
        return jobs.discard(id);
    }

    @Override
    public String toString() {
        return "job " + id + " of " + jobs.name();
    }
}
