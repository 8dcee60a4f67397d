package dev.heddle.engine;

import dev.heddle.CancelledException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;

/**
 * The seam between a loop and the outside: time, order, waiting, bytes and names. One loop owns one engine.
 *
 * <p>This is the single seam of the toolkit. An engine over a real system waits in the kernel; a {@link
 * SimulatedEngine} moves a virtual clock and picks a seeded order. Nothing above an engine asks the system for time,
 * randomness or the network.
 *
 * <p>What only some engines can do has an interface of its own, which an engine that can implements too: {@link
 * DatagramEngine}, {@link ChannelEngine}, {@link DescriptorEngine}, {@link GatheringEngine}, {@link SpawningEngine}.
 * {@link SystemEngine} has what all engines over a real system share, {@link AbstractTransport} and {@link
 * AbstractAcceptor} what most connections and listeners do.
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

    /** Whether it is a {@link SimulatedEngine}. */
    default boolean isSimulated() {
        return this instanceof SimulatedEngine;
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
     * Connects to one address from a chosen one of this machine.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param local of the same family; a wildcard leaves the address to the system, port 0 the port. A port may be that
     *     of other connections, to other peers
     * @throws java.net.BindException if the address is not of this machine, or the port is taken
     * @throws IOException as {@link #connect(SocketAddress)}, or if this engine has only the system's choice
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    default Transport connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
        throw new IOException("the engine " + name() + " cannot choose a local address, such as " + local);
    }

    /**
     * Listens on an address.
     *
     * @param local the address; port 0 picks a free one
     * @param options how to listen
     * @throws IOException if the address cannot be bound
     */
    Acceptor listen(SocketAddress local, ListenOptions options) throws IOException;

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
