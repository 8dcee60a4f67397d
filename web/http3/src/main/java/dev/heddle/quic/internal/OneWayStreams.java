package dev.heddle.quic.internal;

/** The reader of the peer's streams in one direction. Called below the tasks, so it must not wait. */
@FunctionalInterface
public interface OneWayStreams {

    /** There is something to be read of a stream, maybe its first, or its end. */
    void news(long id);
}
