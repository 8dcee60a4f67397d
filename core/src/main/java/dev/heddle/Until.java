package dev.heddle;

/** How long {@link Tasks#await} waits. */
public enum Until {
    /** Until one has ended, in whatever way. */
    FIRST_COMPLETED,
    /** Until one has failed, or all have ended. */
    FIRST_EXCEPTION,
    /** Until all have ended. */
    ALL_COMPLETED
}
