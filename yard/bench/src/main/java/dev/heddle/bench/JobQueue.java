package dev.heddle.bench;

import java.util.function.LongConsumer;

/** A job queue, of whomever, with a handler that does nothing. */
interface JobQueue extends AutoCloseable {

    /** How many put in at a time, and how many jobs are done at a time. */
    int AT_A_TIME = 8;

    /**
     * Puts a job in, and waits until it is durable.
     *
     * @param due when, as System.nanoTime() counts
     */
    void put(long due) throws Exception;

    /** Puts so many jobs in, and waits until they are durable. */
    void putAll(int count) throws Exception;

    /**
     * Does jobs until it is closed.
     *
     * @param handler takes when the job was due; from any thread
     * @param many whether it is for many jobs, not for few that are to begin soon
     */
    AutoCloseable work(LongConsumer handler, boolean many) throws Exception;

    @Override
    default void close() {}
}
