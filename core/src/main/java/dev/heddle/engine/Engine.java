package dev.heddle.engine;

import dev.heddle.CancelledException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectableChannel;
import java.time.Instant;
import java.util.List;

/**
 * The seam between a loop and the outside: time, order, waiting, bytes and names. One loop owns one engine.
 *
 * <p>This is the single seam of the toolkit. An engine over a real system waits in the kernel; a simulated one moves a
 * virtual clock and picks a seeded order. Nothing above an engine asks the system for time, randomness or the network.
 *
 * <p>Threads: {@link #poll} is called by the loop's own thread, below the tasks: it takes no lock that a task may hold
 * and calls no code of users. {@link #wake} is called by any thread. Everything else is called by tasks of the loop.
 */
public interface Engine extends AutoCloseable {

    /** A short lower-case name for people, such as {@code nio}. */
    String name();

    /** A clock that never goes back, in nanoseconds from an arbitrary start. Any thread. */
    long nanoTime();

    /** The wall clock. Any thread. */
    Instant now();

    /** A fresh random number from the engine's source; a simulated engine derives all of them from its seed. */
    long random();

    /**
     * Picks the item to run next.
     *
     * @param ready how many items are ready, at least 2
     * @return an index from 0, the longest waiting, to {@code ready - 1}
     */
    default int pick(int ready) {
        return 0;
    }

    /**
     * Hears which item runs next: the trace of a run. Most engines do not care.
     *
     * @param id the number of the task, or 0 for a callback
     */
    default void trace(long id) {}

    /**
     * Whether an item that was picked must not run for now, as if the system kept its thread from running: a simulated fault.
     *
     * @param id the number of the task, or 0 for a callback
     * @param resume makes the item ready again; an engine that says yes calls it once, in a later {@link #poll}
     */
    default boolean keepsBack(long id, Runnable resume) {
        return false;
    }

    /**
     * Hears that a task or a callback has begun to wait in code of the JDK for a time that the system's clock measures. Only a
     * simulated engine is asked; one that allows it waits for it in real time.
     *
     * @param who the task, for people
     * @param stack where it waits
     */
    default void waitsInRealTime(String who, StackTraceElement[] stack) {}

    /** Whether time and order are made up by this engine, so that the same seed gives the same run. */
    default boolean isSimulated() {
        return false;
    }

    /**
     * Asks for I/O once and completes the waits that are ready.
     *
     * @param timeoutNanos the longest time to wait: 0 to look only, {@link Long#MAX_VALUE} for no limit
     * @param external whether some work outside the loop is under way whose end will {@link #wake} it; a simulated
     *     engine then really waits for it and lets no time pass
     * @return false if nothing can ever become ready by itself any more, which only a simulated engine can know
     */
    boolean poll(long timeoutNanos, boolean external);

    /** Ends a {@link #poll} that waits, or the next one. Any thread. */
    void wake();

    /**
     * Connects to one address.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @throws IOException if the connection cannot be made, with the system's reason
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    Transport connect(SocketAddress remote) throws IOException;

    /**
     * Listens on an address.
     *
     * @param local the address; port 0 picks a free one
     * @param options how to listen
     * @throws IOException if the address cannot be bound
     */
    Acceptor listen(SocketAddress local, ListenOptions options) throws IOException;

    /**
     * Opens a socket of datagrams.
     *
     * @param local the address, resolved; port 0 picks a free one
     * @param options how to open it
     * @throws IOException if the address cannot be bound
     * @throws UnsupportedOperationException if this engine has no datagrams
     */
    default Datagrams datagrams(InetSocketAddress local, DatagramOptions options) throws IOException {
        throw new UnsupportedOperationException("the engine " + name() + " has no datagrams");
    }

    /**
     * Watches whether a channel of Java NIO is ready, for code that moves the bytes itself. The channel must be non-blocking and
     * stays the caller's: close the watch before the channel.
     *
     * @param listener hears of readiness, below the tasks
     * @throws IOException if the system cannot watch it
     * @throws IllegalStateException if the channel is watched by this engine already
     * @throws UnsupportedOperationException if this engine has no real channels, as a simulated one
     */
    default Watch watch(SelectableChannel channel, Watch.Listener listener) throws IOException {
        throw new UnsupportedOperationException("the engine " + name() + " cannot watch channels of the system");
    }

    /**
     * Watches whether a descriptor of the system is ready, such as a pipe, a terminal, a timerfd(2). It must be non-blocking and
     * stays the caller's: close the watch before the descriptor.
     *
     * @param listener hears of readiness, below the tasks
     * @throws IOException if the system cannot watch it: regular files are always ready, for instance
     * @throws IllegalStateException if the descriptor is watched by this engine already
     * @throws UnsupportedOperationException if this engine cannot watch bare descriptors, as the portable one
     */
    default Watch watch(int descriptor, Watch.Listener listener) throws IOException {
        throw new UnsupportedOperationException(
                "the engine " + name() + " cannot watch bare descriptors; the engines of Linux can");
    }

    /**
     * Takes a descriptor of the system over as a transport: one end of a pipe, a terminal, a connected socket. It becomes
     * non-blocking and is closed with the transport.
     *
     * @param name what it is, fit for a log line
     * @throws IOException if the system cannot wait for it
     * @throws UnsupportedOperationException if this engine knows no bare descriptors, as the portable one
     */
    default Transport adopt(int descriptor, String name) throws IOException {
        throw new UnsupportedOperationException(
                "the engine " + name() + " knows no bare descriptors; the engines of Linux do");
    }

    /**
     * Starts a process. The call may go on in a worker thread, since starting one takes long.
     *
     * <p>Cancellation: once begun it is not cut off; a process that was started is given back.
     *
     * @throws IOException if the system does not start it, with its reason
     * @throws UnsupportedOperationException if this engine starts no processes, as a simulated one, or none of this kind
     */
    default Child spawn(SpawnRequest request) throws IOException {
        throw new UnsupportedOperationException("the engine " + name() + " starts no processes");
    }

    /**
     * Looks a host name up, blocking. Called on worker threads, or in a task by a simulated loop.
     *
     * @throws UnknownHostException if there is no such name
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** Frees all the engine holds; the loop does it last, on its own thread. Open transports are aborted. */
    @Override
    void close();
}
