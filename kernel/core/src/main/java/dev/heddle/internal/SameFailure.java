package dev.heddle.internal;

/**
 * A failure that is made anew for each who asks about something that has failed elsewhere: a job of a cluster, for one.
 * A group counts two with equal keys once.
 */
public interface SameFailure {

    /** What has failed, and when; equal for the same failure. */
    Object failed();
}
