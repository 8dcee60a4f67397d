package dev.heddle.sim;

/** The fate of a commit in a {@link SimStore}. */
public enum CommitFate {

    /** No server gets it, and its caller is told so: {@code NotSent}. */
    NOT_SENT,

    /** No server gets it, and the connection breaks: {@code Unknown}, and it never takes place. */
    LOST,

    /** It takes place, and the connection breaks instead of an answer: {@code Unknown}. */
    ANSWER_LOST,

    /** The connection breaks: {@code Unknown}, and it takes place later, unless a fresh read comes before it. */
    LATE
}
