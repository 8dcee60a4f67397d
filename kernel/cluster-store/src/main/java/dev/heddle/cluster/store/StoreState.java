package dev.heddle.cluster.store;

/** The state of a session as far as it is known here. */
public sealed interface StoreState {

    /** The store answers. */
    record Connected() implements StoreState {}

    /**
     * The store does not answer; the session may be over without our knowing.
     *
     * @param since as {@link dev.heddle.Loop#nanoTime()} counts
     */
    record Silent(long since) implements StoreState {}

    /**
     * The session is over, its ephemeral entries are gone or will be soon.
     *
     * @param cause for a person
     */
    record Lost(String cause) implements StoreState {}
}
