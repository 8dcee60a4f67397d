package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The datagram socket of an engine: the small contract under UDP.
 *
 * <p>A {@code try} method never waits and an {@code await} method moves no datagram, so nobody needs to hold a buffer
 * while waiting. A datagram is sent whole or not at all, arrives whole, twice, late or never.
 *
 * <p>A failure is that of one datagram, or what the network says of an earlier one: the socket goes on working.
 *
 * <p>Threads: tasks of the socket's loop, one receiving and one sending at a time; the socket above checks this. {@link
 * #close} may be called while others wait.
 *
 * <p>Cancellation: a cancelled {@code await} has changed nothing.
 */
public interface Datagrams extends AutoCloseable {

    /** What {@link #tryReceive} says when there is nothing. */
    int NOTHING = -1;

    /**
     * Lets only one peer's datagrams in, and what the network says of those sent to it.
     *
     * @throws IOException if there is no way to the peer
     */
    void connect(InetSocketAddress remote) throws IOException;

    /**
     * Receives one datagram if there is one. What does not fit is lost, so a target of one byte more than is wanted
     * tells.
     *
     * @return the count of bytes, which may be 0; {@link #NOTHING} if no datagram is there; {@link #sender} tells from
     *     whom
     * @throws ClosedException if this side has closed the socket
     * @throws BrokenException if the network says that an earlier datagram could not be delivered, or the system fails
     */
    int tryReceive(ByteBuffer target);

    /**
     * Receives several datagrams of one sender if they are there and the system has put them together, else one: {@code
     * UDP_GRO} of udp(7). A socket that has begun so receives no other way, since what is together already is not taken
     * apart again.
     *
     * @param target where they lie one behind the other afterwards; its position moves behind the last. What does not
     *     fit is lost, and the longest run has {@link DatagramOptions#MAX_BYTES}
     * @return the length of each, of which the last may be shorter; 0 is one that is empty; {@link #NOTHING} if none is
     *     there
     * @throws ClosedException as {@link #tryReceive}; so all other errors
     */
    default int tryReceiveEach(ByteBuffer target) {
        return tryReceive(target);
    }

    /** Who sent the datagram that was received last. */
    InetSocketAddress sender();

    /**
     * To which of this machine's addresses {@link #tryReceiveEach} has received last, of a socket that is bound to all;
     * null where that is known anyway, or the system does not tell.
     */
    default @Nullable InetAddress receiver() {
        return null;
    }

    /**
     * Waits until {@link #tryReceive} has something to say. May return early.
     *
     * @throws ClosedException if this side closes the socket before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    void awaitReceivable();

    /**
     * Sends one datagram if there is room.
     *
     * @param source the bytes; its position moves to its limit if they are sent, else it stays
     * @param target the peer, of a connected socket the one it is connected to
     * @return whether it is sent
     * @throws ClosedException if this side has closed the socket
     * @throws BrokenException if the system refuses, or says that an earlier datagram could not be delivered
     * @throws IllegalArgumentException if the socket can send to no address of this family
     */
    boolean trySend(ByteBuffer source, InetSocketAddress target);

    /**
     * Sends one datagram, as {@link #trySend(ByteBuffer, InetSocketAddress)}, from one of this machine's addresses: a peer
     * takes an answer only from the one that it has asked.
     *
     * @param from what {@link #receiver} has told, which must still be one of this machine's; null for the system's choice
     * @throws UnsupportedOperationException if this socket never tells one
     */
    default boolean trySend(ByteBuffer source, InetSocketAddress target, @Nullable InetAddress from) {
        return trySend(source, target);
    }

    /** Sends several datagrams, as {@link #trySendEach(ByteBuffer, int, InetSocketAddress, InetAddress)}, from the system's choice. */
    default boolean trySendEach(ByteBuffer source, int bytes, InetSocketAddress target) {
        return trySendEach(source, bytes, target, null);
    }

    /**
     * Sends several datagrams of one length if there is room, where the system can in one call: {@code UDP_SEGMENT} of
     * udp(7).
     *
     * @param source the datagrams one behind the other, of which the last may be shorter, and at most 65,507
     *     bytes together; its position moves behind those that are sent
     * @param bytes the length of each, above 0
     * @param from as for {@link #trySend(ByteBuffer, InetSocketAddress, InetAddress)}
     * @return whether all are sent
     * @throws ClosedException as {@link #trySend}; so all other errors, by which the rest is not sent
     */
    default boolean trySendEach(ByteBuffer source, int bytes, InetSocketAddress target, @Nullable InetAddress from) {
        int end = source.limit();
        try {
            boolean room = true;
            while (room && source.position() < end) {
                room = trySend(source.limit(Math.min(end, source.position() + bytes)), target, from);
            }
            return room;
        } finally {
            source.limit(end);
        }
    }

    /**
     * Waits until {@link #trySend} may find room. May return early.
     *
     * @throws ClosedException if this side closes the socket before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    void awaitSendable();

    /**
     * Becomes a member of a multicast group on one network; does nothing if it is.
     *
     * @throws IOException if the system refuses
     */
    void join(InetAddress group, NetworkInterface on) throws IOException;

    /**
     * Becomes a member of a multicast group on the network of the engine's choice.
     *
     * @throws IOException if the system refuses, or no network does multicast
     */
    void join(InetAddress group) throws IOException;

    /** Leaves a multicast group on all networks; does nothing if it is no member. */
    void leave(InetAddress group);

    /**
     * Chooses the network on which it sends to multicast groups.
     *
     * @throws IOException if the system refuses
     */
    void multicastOn(NetworkInterface on) throws IOException;

    /** The address that is really bound, with its port. */
    InetSocketAddress localAddress();

    /** Whether {@link #close} was not called. */
    boolean isOpen();

    /** Closes it. What was sent is still sent, what was not received is lost. Waiting tasks get a ClosedException. */
    @Override
    void close();
}
