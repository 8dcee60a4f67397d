package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;

/**
 * A filter around each attempt at the jobs of a handler: for logs, measures, spans, the context of a logger.
 *
 * <pre>{@code
 * JobFilter timed = (job, next) -> {
 *     long begin = System.nanoTime();
 *     try {
 *         return next.handle(job);
 *     } finally {
 *         measure(job.queue(), job.name(), System.nanoTime() - begin);
 *     }
 * };
 * jobs.handle("send", 4, JobHandlerOptions.DEFAULT.withFilter(timed), job -> send(job.payload()));
 * }</pre>
 *
 * <p>It runs inside the limit of time of the attempt. What it throws is how the attempt has failed.
 *
 * <p>Threads: the task of the attempt; attempts at several jobs run at the same time. To test one, call it with a handler
 * of your own.
 */
@FunctionalInterface
public interface JobFilter {

    /**
     * Does a job, usually by the next filter, or the handler itself.
     *
     * <p>Cancellation: as {@link JobHandler#handle}.
     *
     * @return the result, at most 64 KiB
     * @throws Exception if the attempt has failed
     */
    Bytes handle(JobAttempt job, JobHandler next) throws Exception;
}
