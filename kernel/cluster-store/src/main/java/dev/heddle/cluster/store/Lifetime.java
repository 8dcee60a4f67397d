package dev.heddle.cluster.store;

/** The lifetime of an entry. */
public enum Lifetime {

    /** Until it is deleted. */
    DURABLE,

    /** Until it is deleted, or the session that has created it is over. */
    EPHEMERAL
}
