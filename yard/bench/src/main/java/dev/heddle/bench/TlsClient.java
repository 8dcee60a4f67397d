package dev.heddle.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLParameters;

/**
 * The client's end of a connection with TLS: the JDK's engine over a socket, and nothing else. No call waits.
 *
 * <p>Threads: one at a time.
 */
final class TlsClient implements AutoCloseable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** One group, so that all servers agree on it. */
    private static final String[] GROUPS = {"x25519"};

    private final SocketChannel channel;
    private final SSLEngine engine;

    /** Records that have come, ready to be read. */
    private final ByteBuffer in;

    /** Records that go, ready to be read. */
    private ByteBuffer out;

    private final ByteBuffer plain;

    private TlsClient(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        int record = engine.getSession().getPacketBufferSize();
        in = ByteBuffer.allocate(2 * record).flip();
        out = ByteBuffer.allocate(record).flip();
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    }

    /** Connects to a server on the loopback address. An engine that is told no address resumes no session. */
    static TlsClient connect(SSLContext context, int port) throws IOException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[]{TlsCertificate.PROTOCOL});
        parameters.setCipherSuites(new String[]{TlsCertificate.CIPHER_SUITE});
        parameters.setNamedGroups(GROUPS);
        engine.setSSLParameters(parameters);
        engine.beginHandshake();
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return new TlsClient(channel, engine);
    }

    SocketChannel channel() {
        return channel;
    }

    /** What the socket must be ready for before the next call can do more. */
    int interest() {
        return out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    }

    /**
     * Goes on with the handshake.
     *
     * @return whether it is done
     * @throws EOFException if the server ends the connection
     */
    boolean handshake() throws IOException {
        while (flush()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap() == Step.WAIT) {
                        return false;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return true;
                }
            }
        }
        return false;
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Takes a message as a whole, and sends what the socket takes; {@link #flush} sends the rest. */
    void send(ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            wrap(message);
        }
        flush();
    }

    private void wrap(ByteBuffer message) throws IOException {
        out.compact();
        SSLEngineResult result = engine.wrap(message, out);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            out = ByteBuffer.allocate(2 * out.capacity()).put(out.flip());
            result = engine.wrap(message, out);
        }
        out.flip();
        switch (result.getStatus()) {
            case OK -> {}
            case CLOSED -> {
                if (message.hasRemaining()) {
                    throw new EOFException("this direction has ended, no more can be sent");
                }
            }
            case BUFFER_OVERFLOW, BUFFER_UNDERFLOW ->
                throw new IllegalStateException("a record does not fit into " + out.capacity() + " bytes: " + result);
        }
    }

    /** Sends what is left, and says whether nothing is. */
    boolean flush() throws IOException {
        if (out.hasRemaining()) {
            channel.write(out);
        }
        return !out.hasRemaining();
    }

    /**
     * What the next record holds.
     *
     * @return valid until the next call; without bytes if no record has come as a whole
     * @throws EOFException if the server ends the connection
     */
    ByteBuffer receive() throws IOException {
        while (!plain.hasRemaining()) {
            if (unwrap() == Step.WAIT) {
                return NOTHING;
            }
        }
        return plain;
    }

    private enum Step {
        /** A record was read, which may hold something else than bytes for us. */
        READ,

        /** None has come as a whole. */
        WAIT
    }

    private Step unwrap() throws IOException {
        while (true) {
            SSLEngineResult result = engine.unwrap(in, plain.clear());
            plain.flip();
            switch (result.getStatus()) {
                case OK -> {
                    return Step.READ;
                }
                case BUFFER_UNDERFLOW -> {
                    int count = channel.read(in.compact());
                    in.flip();
                    if (count < 0) {
                        throw new EOFException("the server has closed the connection");
                    }
                    if (count == 0) {
                        return Step.WAIT;
                    }
                }
                case CLOSED -> throw new EOFException("the server has ended TLS");
                case BUFFER_OVERFLOW -> throw new IllegalStateException("a record is too large: " + result);
            }
        }
    }

    /** Ends this direction. When the server has ended the other, {@link #hasEnded} says so. */
    void end() throws IOException {
        engine.closeOutbound();
        wrap(NOTHING);
        if (!flush()) {
            throw new IllegalStateException("the server does not take what it is sent");
        }
        channel.shutdownOutput();
    }

    /** Whether the server has closed the connection; drops what else comes. */
    boolean hasEnded() throws IOException {
        while (true) {
            int count = channel.read(in.clear());
            if (count <= 0) {
                return count < 0;
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
