package dev.heddle.sim;

/** The events that a {@link SimStore} counts: the outcomes of commits, and the faults that have come. */
public enum StoreEvent {

    /** A commit has taken place, and its caller was told so. */
    COMMITTED,

    /** A commit was refused. */
    REFUSED,

    /** A commit was not sent. */
    NOT_SENT,

    /** The answer to a commit was lost. */
    UNKNOWN,

    /** A commit was made in a session that was over. */
    SESSION_LOST,

    /** A commit took place after its caller had been told that nothing is known. */
    LATE_COMMIT,

    /** A commit that had not taken place was refused for good, since a fresh read had come before it. */
    SETTLED,

    /** A commit was sent again over the next connection. */
    RESEND,

    /** A commit that was sent again had taken place before, and its first outcome was told. */
    DOUBLE,

    /** A read failed, since there was no answer. */
    READ_FAILED,

    /** A connection of a session was cut or given up. */
    CUT,

    /** A session began to reach no server. */
    SILENCE,

    /** A session went on with another server. */
    MOVE,

    /** Another server leads; the timers of all sessions begin anew. */
    LEADER_CHANGE,

    /** A server crashed. */
    CRASH,

    /** A server was slow to take up what was committed. */
    LAG,

    /** A local read showed less than what was committed. */
    STALE_READ,

    /** A server that no majority hears any more answered a local read. */
    MINORITY_READ,

    /** Signals came late. */
    LATE_SIGNAL,

    /** Of the signals of one commit some came, and the rest later. */
    SPLIT,

    /** Several signals of one entry became one. */
    MERGED_SIGNAL,

    /** Signals were replaced by a gap. */
    GAP,

    /** After a cut, signals that were missed were told instead of a gap. */
    REPLAY,

    /** The store took a session. */
    EXPIRY,

    /** It did so before the timeout had passed. */
    EARLY_EXPIRY,

    /** It did so after more than the timeout. */
    LATE_EXPIRY,

    /** A session that was taken was told so late. */
    LATE_NOTICE,

    /** The store lost all that it had. */
    WIPE
}
