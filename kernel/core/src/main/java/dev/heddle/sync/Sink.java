package dev.heddle.sync;

/**
 * A thing that a {@link Select} can send to.
 *
 * @param <T> what goes in
 */
public sealed interface Sink<T> permits Channel, Sender, WorkQueue {}
