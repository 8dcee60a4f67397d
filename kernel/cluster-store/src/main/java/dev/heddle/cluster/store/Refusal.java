package dev.heddle.cluster.store;

/** The reason why a commit was refused. */
public enum Refusal {

    /** The entry to be created is there. */
    EXISTS,

    /** The entry is not there. */
    ABSENT,

    /** The entry has another version. */
    VERSION
}
