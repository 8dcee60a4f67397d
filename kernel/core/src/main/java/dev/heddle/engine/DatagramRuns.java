package dev.heddle.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * A system's calls for runs of datagrams, each of one length and one peer: for a {@link SystemEngine} whose system has
 * them. All channels are open.
 *
 * <p>Threads: the engine's loop.
 */
public interface DatagramRuns {

    /** Has what is longer cut into datagrams of so many bytes, 0 for no more; false if the system does not. */
    boolean cut(DatagramChannel channel, int bytes);

    /** Has datagrams put together for {@link #receive}, from now on; false if the system does not. */
    boolean merge(DatagramChannel channel);

    /**
     * Receives one run, as {@link Datagrams#tryReceiveEach}.
     *
     * @throws PortUnreachableException if nobody receives at the peer
     * @throws IOException if the system fails, or the channel is closed
     */
    int receive(DatagramChannel channel, ByteBuffer target) throws IOException;

    /** Who sent the last one. */
    InetSocketAddress sender();

    /** To which of this machine's addresses it has come, as {@link Datagrams#receiver}. */
    @Nullable InetAddress receiver();

    /**
     * Sends from an address that {@link #receiver} has told, as {@link DatagramChannel#send} does.
     *
     * @throws IOException if the system refuses, or the channel is closed
     */
    int send(DatagramChannel channel, ByteBuffer source, InetSocketAddress target, InetAddress from) throws IOException;
}
