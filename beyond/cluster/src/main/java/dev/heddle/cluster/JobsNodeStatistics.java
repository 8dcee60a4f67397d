package dev.heddle.cluster;

/** The numbers of a queue, as one node sees it and works for it. */
public sealed interface JobsNodeStatistics permits Jobs.NodeStatistics {

    /** Jobs that nobody does yet, as far as this node follows the queue. */
    int waiting();

    /** Jobs that a node does. */
    int running();

    /** Dead letters. */
    int dead();

    /** Jobs that are done or cancelled, and not forgotten yet. */
    int ended();

    /** For how many seconds the oldest of those waits that are ready; 0 if there is none. */
    double oldestWaitingSeconds();

    /** For how many seconds the attempt runs that has begun first; 0 if there is none. */
    double longestRunningSeconds();

    /** How many names of waiting jobs no node handles. */
    int unhandled();

    /** Whether no node begins with a job. */
    boolean isPaused();

    /** How many jobs this node does at a time. */
    int limit();

    /** How many it does now. */
    int here();

    /** How many of its attempts have ended well, since it began. */
    long done();

    /** How many have failed. */
    long failed();

    /**
     * How many rows of the inbox this node has dropped, since a job of the same id was known or one of the same unique key
     * had not ended, see {@link Jobs#submit(java.sql.Connection, JobSpec)}.
     */
    long dropped();
}
