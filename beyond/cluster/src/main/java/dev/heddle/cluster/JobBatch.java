package dev.heddle.cluster;

/**
 * The numbers of a batch as they were when somebody looked: of all jobs that were submitted with its name. Those that have
 * ended are counted also when they are forgotten.
 *
 * @see JobSpec#withBatch
 */
public sealed interface JobBatch permits JobFigures.Batch {

    /** Jobs that have not ended, running ones among them. */
    int open();

    /** Dead letters. */
    int dead();

    /** Jobs that are done. */
    long done();

    /** Jobs that were cancelled. */
    long cancelled();
}
