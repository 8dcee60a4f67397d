package dev.heddle.cluster.store;

/** The outcome of a commit. */
public sealed interface CommitOutcome {

    /**
     * It has taken place, and a minority of servers cannot lose it.
     *
     * @param stamp the {@link Entry#changed()} of what it has created and set
     */
    record Committed(long stamp) implements CommitOutcome {}

    /**
     * It has not taken place, since one operation could not.
     *
     * @param index of the first operation that could not
     */
    record Refused(int index, Refusal reason) implements CommitOutcome {}

    /**
     * It has not taken place: no server has got it.
     *
     * @param cause for a person
     */
    record NotSent(String cause) implements CommitOutcome {}

    /**
     * It has taken place, will do so, or never will: the answer is missing. The next fresh answer of the session settles
     * it, see the {@linkplain dev.heddle.cluster.store package}.
     *
     * @param cause for a person
     */
    record Unknown(String cause) implements CommitOutcome {}

    /** It has not taken place: the session was over before. */
    record SessionLost() implements CommitOutcome {}
}
