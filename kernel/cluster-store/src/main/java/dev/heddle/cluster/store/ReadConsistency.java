package dev.heddle.cluster.store;

/** The consistency of a read: how new its answer must be. */
public enum ReadConsistency {

    /** What the server that is asked happens to know, never older than what this session has seen before. */
    LOCAL,

    /** At least what was committed, by anybody, before the read was asked for. Costs a round trip to the leader. */
    FRESH
}
