package dev.heddle.cluster;

/** The numbers of a queue, as one node sees it and works for it. */
public sealed interface JobsNodeStatistics permits JobFigures.NodeStatistics {

    /** Jobs that nobody does yet, as far as this node follows the queue. */
    int waiting();

    /** Those of them whose time has come, and whose name is not paused. */
    int ready();

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

    /** How many jobs all nodes do at a time, as far as this node follows the queue. */
    int slots();

    /**
     * How many jobs there are to do now: those that run, and those that are ready; of a paused queue those that run.
     * The number to scale by: divided by what one node does at a time, it is how many nodes have work. Also right on a
     * node that only submits, once it has.
     */
    int backlog();

    /** The backlog for each slot: above 1 jobs wait for slots. Without a slot, the backlog. */
    double load();

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
