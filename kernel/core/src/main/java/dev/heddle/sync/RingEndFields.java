package dev.heddle.sync;

/** The fields of a {@link RingEnd} that are used, behind some that are not. */
class RingEndFields extends RingEndSpace {

    volatile long word;

    /** The first place that is not claimed before somebody looks again how many have been at the other end. */
    long nextLook;

    /** Of the senders' end: the most elements that there were when somebody looked. A lost race makes it smaller. */
    long peak;

    /** The id of the thread that came last. */
    long lastThread;
}
