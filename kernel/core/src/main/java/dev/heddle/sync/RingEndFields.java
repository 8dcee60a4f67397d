package dev.heddle.sync;

/** The fields of a {@link RingEnd} that are used, behind some that are not. */
class RingEndFields extends RingEndSpace {

    volatile long word;

    /** How many places had been claimed at the other end when somebody last looked. */
    long otherEnd;

    /** The id of the thread that came last. */
    long lastThread;
}
