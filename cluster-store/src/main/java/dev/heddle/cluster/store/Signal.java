package dev.heddle.cluster.store;

/** What a watch tells. */
public sealed interface Signal {

    /**
     * An entry was created, set or deleted: look.
     *
     * @param stamp of the commit, or of the first of several
     */
    record Changed(Key key, long stamp) implements Signal {}

    /** Changes may have been missed: list the directory anew. */
    record Gap() implements Signal {}

    /** No more will come: the watch was closed or the session is over. */
    record Closed() implements Signal {}
}
