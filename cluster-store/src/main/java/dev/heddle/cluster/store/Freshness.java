package dev.heddle.cluster.store;

/** How new the answer to a read must be. */
public enum Freshness {

    /** What the server that is asked happens to know, never older than what this session has seen before. */
    LOCAL,

    /** At least what was committed, by anybody, before the read was asked for. Costs a round trip to the leader. */
    FRESH
}
