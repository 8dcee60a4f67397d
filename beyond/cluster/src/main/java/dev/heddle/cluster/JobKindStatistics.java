package dev.heddle.cluster;

import java.time.Duration;

/**
 * The numbers of the jobs of one kind in a queue, over all nodes. Times are of the ended jobs that the queue still
 * knows, by the wall clocks of the nodes that did them; zero where none is known.
 */
public sealed interface JobKindStatistics permits JobFigures.KindStatistics {

    /** The name that chooses their handler. */
    String kind();

    /** Jobs that nobody does yet. */
    int waiting();

    /** Those of them whose last attempt has failed. */
    int retrying();

    /** Jobs that a node does. */
    int running();

    /** Dead letters. */
    int dead();

    /** Jobs that are done and not forgotten yet. */
    int done();

    /** How many jobs all nodes do at a time. */
    int slots();

    /** How many jobs were done in the last five minutes, for each minute. */
    double donePerMinute();

    /** For how long the oldest of those waits that are ready. */
    Duration oldestWaiting();

    /** How long half of them ran at most, in their last attempt. */
    Duration medianRun();

    /** How long 95 of 100 ran at most. */
    Duration slowRun();

    /** For how long half of them were ready at most before their last attempt. */
    Duration medianWait();

    /** For how long 95 of 100 were. */
    Duration slowWait();
}
