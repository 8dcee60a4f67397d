package dev.heddle.cluster.store;

/** An event that a watch tells. */
public sealed interface WatchEvent {

    /**
     * An entry was created, set or deleted: look.
     *
     * @param stamp of the commit, or of the first of several
     * @param deleted whether this tells of one deletion and of nothing else: what stood there before the stamp is no
     *     more, without a look
     */
    record Changed(Key key, long stamp, boolean deleted) implements WatchEvent {

        /** A change that is not known to be a deletion. */
        public Changed(Key key, long stamp) {
            this(key, stamp, false);
        }
    }

    /** Changes may have been missed: list the directory anew. */
    record Gap() implements WatchEvent {}

    /** No more will come: the watch was closed or the session is over. */
    record Closed() implements WatchEvent {}
}
