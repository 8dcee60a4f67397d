package dev.heddle.sync;

/** The statistics of a memo at one moment. */
public sealed interface MemoStatistics permits Memo.Statistics {

    /** Results and failures that it keeps, those whose time is over included until they are asked for or evicted. */
    int size();

    /** Fetches that are under way. */
    int fetching();

    /** Calls that found what was kept, since it was made. */
    long hits();

    /** Calls that shared the fetch of another call. */
    long shared();

    /** Fetches begun. */
    long fetches();

    /** Fetches that failed; those that were cancelled are not among them. */
    long failed();

    /** Results and failures that were dropped for want of room. */
    long evicted();
}
