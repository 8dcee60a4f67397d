package dev.heddle.io;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.internal.Incoming;
import java.util.Iterator;
import java.util.Optional;

/**
 * A two-way stream of messages over a stream of bytes.
 *
 * <pre>{@code
 * try (var messages = new MessageStream(Tcp.connect(host, port), Framing.netstrings(100_000))) {
 *     messages.send(question);
 *     byte[] answer = messages.receive().orElseThrow();
 * }
 * }</pre>
 *
 * <p>It keeps nothing of its own between two calls, so the bytes of one stream may be read partly as messages and
 * partly otherwise, and each direction by another framing.
 *
 * <p>Threads: as {@link ByteStream}: one task receives and one sends at a time, any may close. Cancellation: a
 * cancelled receive has taken nothing; a cancelled send has sent nothing, or has broken the output. To test code that
 * uses it, play the peer with another one at the other end of {@link MemoryStreams#pair()}.
 */
public final class MessageStream implements Iterable<byte[]>, AutoCloseable {

    private final ByteStream stream;
    private final Framing framing;

    /**
     * @param stream the bytes; closed with this
     * @param framing how messages are cut from them
     */
    public MessageStream(ByteStream stream, Framing framing) {
        this.stream = stream;
        this.framing = framing;
    }

    /**
     * Receives the next message, waiting for it. Fails as {@link Framing#receive}.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return the message; empty if the peer has ended the stream after the last one
     */
    public Optional<byte[]> receive() {
        return framing.receive(stream);
    }

    /**
     * Sends a message, waiting while the peer is slower. Fails as {@link Framing#send}.
     *
     * <p>Cancellation: a cancelled call has sent nothing, or has broken the output.
     */
    public void send(byte[] message) {
        framing.send(stream, message);
    }

    /**
     * The messages that come, each as by {@link #receive} when the loop asks for it; it ends when the peer ends the
     * stream.
     *
     * <p>Cancellation: a loop that is cancelled while it waits has taken nothing, and another may go on.
     */
    @Override
    public Iterator<byte[]> iterator() {
        return new Incoming<>(this::receive, "the stream has ended");
    }

    /**
     * Says that no more messages come; receiving goes on. Never waits.
     *
     * @throws BusyException if a task is sending
     * @throws BrokenException if an earlier message was cut off
     */
    public void closeOutput() {
        stream.closeOutput();
    }

    /** Closes the stream below, as {@link ByteStream#close}. */
    @Override
    public void close() {
        stream.close();
    }

    /** Aborts the stream below, as {@link ByteStream#abort}. */
    public void abort() {
        stream.abort();
    }

    /** The bytes below. */
    public ByteStream stream() {
        return stream;
    }

    @Override
    public String toString() {
        return "MessageStream[" + stream.localAddress() + " to " + stream.remoteAddress() + ", " + framing + "]";
    }
}
