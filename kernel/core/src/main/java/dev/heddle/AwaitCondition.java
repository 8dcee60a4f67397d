package dev.heddle;

/** The condition that ends {@link Tasks#await}. */
public enum AwaitCondition {
    /** AwaitCondition one has ended, in whatever way. */
    FIRST_COMPLETED,
    /** AwaitCondition one has failed, or all have ended. */
    FIRST_EXCEPTION,
    /** AwaitCondition all have ended. */
    ALL_COMPLETED
}
