package dev.heddle;

/** The condition that ends {@link Tasks#await}. */
public enum AwaitCondition {
    /** Until one has ended, in whatever way. */
    FIRST_COMPLETED,
    /** Until one has failed, or all have ended. */
    FIRST_EXCEPTION,
    /** Until all have ended. */
    ALL_COMPLETED
}
