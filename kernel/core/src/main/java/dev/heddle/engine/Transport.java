package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * The two-way byte pipe of an engine: the small contract under every stream.
 *
 * <p>A {@code try} method never waits and an {@code await} method moves no bytes, so nobody needs to hold a buffer
 * while waiting: an idle connection costs none.
 *
 * <p>Loss: a transport whose connection is lost remembers it, for both directions and for every later call. Bytes that
 * arrived before the loss are still read; then each read throws {@link BrokenException}, and so does each write. An end
 * is told only where the peer's own end has arrived, in order behind its bytes: a reader may take what ends so for
 * whole. Such an end stays one, whatever happens to the output behind it: a peer that has ended its direction and then
 * closes breaks the writes to it, and what it has sent is read to its end. It does not matter who learns of the loss,
 * the reader or the writer. A write that returns was taken, which is no promise that it arrives: the loss that it meets
 * is told to the calls behind it.
 *
 * <p>Breaches: the stream above holds a transport to these rules. One that breaks them, such as one whose {@code await}
 * comes back for ever though nothing is ready, is aborted with an {@link IllegalStateException} that names it: a bug of
 * the transport, never the loss of a connection.
 *
 * <p>Threads: all methods but {@link #close()} and {@link #abort()} are for one reading and one writing task of the
 * transport's loop at a time; the stream above checks this. Those two may be called by any task of the loop, while
 * others wait.
 *
 * <p>Cancellation: a cancelled {@code await} has changed nothing.
 */
public interface Transport extends AutoCloseable {

    /**
     * For {@link #option}: how many bytes the peer's system has acknowledged, ever. It tells a peer that reads slowly
     * from one that reads nothing, where what {@link #tryWrite} takes only says that this system has room. Known of TCP
     * on Linux (tcp(7), TCP_INFO), but not by the portable engine.
     */
    SocketOption<Long> BYTES_ACKNOWLEDGED = new TransportFact<>("BYTES_ACKNOWLEDGED", Long.class);

    /**
     * Reads what is there.
     *
     * @param target where the bytes go; has at least one byte of room
     * @return the count of bytes read, 0 if there are none yet, -1 after the peer's last byte, where the peer has said
     *     that it was the last
     * @throws ClosedException if this side has closed the transport
     * @throws BrokenException if the connection is lost and the bytes that came before are read; again at each call
     */
    int tryRead(ByteBuffer target);

    /**
     * Waits until {@link #tryRead} has something to say: bytes, the end, or a failure. May return early, now and then;
     * over a lost connection returns at once.
     *
     * @throws ClosedException if this side closes the transport before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    void awaitReadable();

    /**
     * Writes as much as fits.
     *
     * @param source the bytes; its position moves past what was taken
     * @return the count of bytes taken, 0 if there is no room now
     * @throws ClosedException if this side has closed the transport or its output
     * @throws BrokenException if the connection is lost, or its peer takes no more; again at each call
     */
    int tryWrite(ByteBuffer source);

    /**
     * Waits until {@link #tryWrite} can take bytes or fails. May return early, now and then, but not for what the peer
     * sends or ends: that its direction has ended makes no room.
     *
     * @throws ClosedException if this side closes the transport before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    void awaitWritable();

    /**
     * Hands a part of a file to the peer inside the kernel, as much as fits: sendfile(2). The bytes never come into
     * this process. Never waits for a disk, so an engine that cannot tell what is in memory has no such way.
     *
     * @param file a regular file, open for reading; its own position is neither used nor moved
     * @param position where to begin, from 0
     * @param count the most bytes to send, at least 1
     * @return the count of bytes taken; 0 if there is no room now, or the file has nothing at {@code position}; -1 if
     *     this transport has no such way, as one that changes the bytes, or now not, as the kernel does not have them
     *     in memory: read the file and use {@link #tryWrite}
     * @throws ClosedException if this side has closed the transport, its output, or the file
     * @throws BrokenException if the connection is lost, or the file cannot be read
     */
    default long trySendFile(FileChannel file, long position, long count) {
        return -1;
    }

    /**
     * What the system says about the connection, such as the peer's credentials. Never waits.
     *
     * @return empty if this transport has no such option
     * @throws ClosedException if this side has closed the transport
     */
    default <T> Optional<T> option(SocketOption<T> option) {
        return Optional.empty();
    }

    /**
     * Ends the outgoing direction: the peer reads an end after the bytes already written. Reading goes on. Does nothing
     * the second time.
     */
    void shutdownOutput();

    /**
     * Closes both directions. Bytes already written are still sent by the system. Waiting tasks get a ClosedException.
     */
    @Override
    void close();

    /** Closes at once and throws away what is not sent yet; the peer sees a reset where the system has such a thing. */
    void abort();

    /** Whether neither {@link #close()} nor {@link #abort()} was called. */
    boolean isOpen();

    /** This end's address, fit for a log line. */
    String localAddress();

    /** The peer's address, fit for a log line. */
    String remoteAddress();
}
