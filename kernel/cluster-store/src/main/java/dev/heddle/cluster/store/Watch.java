package dev.heddle.cluster.store;

/** A watch that has been set. */
public interface Watch extends AutoCloseable {

    /** Ends it: {@link WatchEvent.Closed} is the last signal. Does not wait; does nothing if it is closed. */
    @Override
    void close();
}
