package dev.heddle.sync;

/**
 * A thing that a {@link Select} can receive from.
 *
 * @param <T> what comes out
 */
public sealed interface Source<T> permits Channel, Receiver, WorkQueue {}
