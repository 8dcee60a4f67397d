package dev.heddle.cluster.store;

/** Until when an entry stays. */
public enum Life {

    /** Until it is deleted. */
    DURABLE,

    /** Until it is deleted, or the session that has created it is over. */
    EPHEMERAL
}
