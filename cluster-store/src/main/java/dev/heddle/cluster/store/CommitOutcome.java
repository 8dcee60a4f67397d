package dev.heddle.cluster.store;

import java.util.List;

/** What has become of a commit. */
public sealed interface CommitOutcome {

    /**
     * It has taken place, and a minority of servers cannot lose it.
     *
     * @param stamp the {@link Entry#changed()} of what it has created and set
     * @param versions for each operation the version that its entry has now; -1 for one that was deleted or checked
     */
    record Committed(long stamp, List<Long> versions) implements CommitOutcome {

        /** Copies the versions. */
        public Committed {
            versions = List.copyOf(versions);
        }
    }

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
