package dev.heddle.quic;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.StreamHandler;
import dev.heddle.quic.internal.Conversation;

/**
 * A connection by QUIC (RFC 9000): many streams in one handshake, none of which waits for another one's lost packets.
 *
 * <pre>{@code
 * try (QuicConnection connection = Quic.connect("example.org", 4433, QuicOptions.DEFAULT.withProtocols("notes"));
 *         ByteStream stream = connection.open()) {
 *     stream.write("list\n");
 *     stream.closeOutput();
 *     byte[] notes = stream.readAll(1_000_000);
 * }
 * }</pre>
 *
 * <p>The peer hears of a stream by its first byte, or by its end.
 *
 * <p>Threads: tasks of one loop; any number of them may open and use streams, each as a {@link ByteStream} says.
 *
 * <p>Cancellation: a cancelled call has opened or taken no stream.
 */
public final class QuicConnection implements AutoCloseable {

    private final Conversation conversation;
    private final Listener streams;

    QuicConnection(Conversation conversation) {
        this.conversation = conversation;
        this.streams = new Listener(conversation.streams());
    }

    /**
     * Opens a stream in both directions, waiting while the peer has as many as it allows.
     *
     * @throws ClosedException if this side has closed the connection
     * @throws BrokenException if the connection is lost
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public ByteStream open() {
        CancelScope.throwIfCancelled();
        return new ByteStream(conversation.streams().open());
    }

    /**
     * Waits for the next stream that the peer opens.
     *
     * @throws ClosedException if the connection has ended, by either side or by a loss, and says how
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public ByteStream accept() {
        return streams.accept();
    }

    /**
     * Serves the streams that the peer opens, each in a task of its own, until the connection ends; as {@link
     * Listener#serve(ServeOptions, StreamHandler)}.
     *
     * <p>Cancellation: a cancelled call takes no more streams, and has cancelled and awaited the handlers.
     */
    public void serve(ServeOptions options, StreamHandler handler) {
        streams.serve(options, handler);
    }

    /** Serves the peer's streams with {@link ServeOptions#DEFAULT}: there are never more than the options allow the peer. */
    public void serve(StreamHandler handler) {
        serve(ServeOptions.DEFAULT, handler);
    }

    /**
     * Sends a datagram (RFC 9221), which may be lost, or overtake an earlier one. Waits while as many
     * wait to leave as {@link QuicOptions#maxDatagrams} says.
     *
     * @param bytes at most {@link #maxDatagramBytes}; they are copied
     * @throws IllegalArgumentException if it is longer, or one of the ends has no datagrams
     * @throws ClosedException if this side has closed the connection
     * @throws BrokenException if the connection is lost
     * @throws CancelledException if the enclosing scope is cancelled; then it was not sent
     */
    public void sendDatagram(byte[] bytes) {
        CancelScope.throwIfCancelled();
        conversation.datagrams().send(bytes);
    }

    /**
     * Waits for the next datagram. Of those that nobody takes the last are kept, as many as {@link
     * QuicOptions#maxDatagrams} says; earlier ones are lost, as on the way.
     *
     * @throws ClosedException if the connection has ended, by either side or by a loss, and says how
     * @throws CancelledException if the enclosing scope is cancelled; then none was taken
     */
    public byte[] receiveDatagram() {
        CancelScope.throwIfCancelled();
        return conversation.datagrams().receive();
    }

    /** The most bytes of a datagram that the peer takes now, some 1,300; 0 if one of the ends has none. */
    public int maxDatagramBytes() {
        return conversation.datagrams().maxBytes();
    }

    /** What the ends have agreed to speak. */
    public String protocol() {
        return conversation.protocol();
    }

    /** Whether a session of TLS was resumed, so that the server has shown no certificate again. */
    public boolean isResumed() {
        return conversation.agreement().resumed();
    }

    /** This end's address, fit for a log line. */
    public String localAddress() {
        return conversation.localAddress();
    }

    /** The peer's address, fit for a log line. */
    public String remoteAddress() {
        return conversation.remoteAddress();
    }

    /** Whether neither end has closed it. */
    public boolean isOpen() {
        return conversation.isOpen();
    }

    /**
     * Ends it: open streams are aborted, what was written to closed ones still arrives, as long as the loop runs and for
     * ten seconds at most. Never waits; does nothing the second time.
     */
    @Override
    public void close() {
        streams.close();
        conversation.close();
    }

    /**
     * Ends it at once, and tells the peer why; does nothing if it has ended.
     *
     * @param code a number that the protocol above gives a meaning, 0 to 2^62 - 1
     * @param reason a text for people
     */
    public void abort(long code, String reason) {
        if (code < 0 || code >= 1L << 62) {
            throw new IllegalArgumentException("no code of QUIC: " + code);
        }
        streams.close();
        conversation.abort(code, reason);
    }

    @Override
    public String toString() {
        return "QuicConnection[" + remoteAddress() + (isOpen() ? "]" : ", closed]");
    }
}
