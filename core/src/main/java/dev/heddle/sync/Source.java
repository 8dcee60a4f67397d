package dev.heddle.sync;

/**
 * What a {@link Select} can receive from.
 *
 * @param <T> what comes out
 */
public sealed interface Source<T> permits Channel, Receiver, WorkQueue {}
