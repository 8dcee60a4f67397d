package dev.heddle.engine;

import java.io.IOException;

/**
 * The watch over one channel or descriptor: says when it is ready, and moves no bytes.
 *
 * <p>Level-triggered: a readiness is told again in each poll for as long as it lasts and is wanted. With {@link #EDGE}
 * it is told once, and again only after something new has happened; whoever wants edges reads or writes until the
 * system has no more.
 *
 * <p>Threads: all methods are for the engine's loop.
 */
public interface Watch extends AutoCloseable {

    /** Reading would not wait: there are bytes, a connection to accept, or the end. */
    int READABLE = 1;

    /** Writing would not wait, or a connection is made. */
    int WRITABLE = 2;

    /**
     * The descriptor is broken, or the peer is gone in both directions. Told also if not wanted, where the system tells
     * it.
     */
    int FAILED = 4;

    /** Together with what is wanted: tell changes only. */
    int EDGE = 8;

    /**
     * Changes what is watched for, from now on. A new watch wants nothing.
     *
     * @param interest a sum of {@link #READABLE}, {@link #WRITABLE} and {@link #EDGE}; 0 for nothing
     * @throws IOException if the system refuses
     * @throws IllegalStateException if the watch is closed
     * @throws UnsupportedOperationException if this engine knows no edges, as the portable one
     */
    void want(int interest) throws IOException;

    /** Ends the watch; nothing is told any more, not even what has happened already. Does nothing the second time. */
    @Override
    void close();

    /** Hears of readiness. */
    @FunctionalInterface
    interface Listener {

        /**
         * Something is ready. Called below the tasks, on the loop's own thread: takes no lock, runs no code of users,
         * completes a {@link dev.heddle.Waiter}.
         *
         * @param readiness a sum of {@link #READABLE}, {@link #WRITABLE} and {@link #FAILED}, never 0
         */
        void ready(int readiness);
    }
}
