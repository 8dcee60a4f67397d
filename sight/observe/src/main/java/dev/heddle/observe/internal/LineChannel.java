package dev.heddle.observe.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the socket of a program, which may be stopped or hang at any moment: nothing waits without a limit.
 *
 * <p>Threads: one.
 */
public final class LineChannel implements AutoCloseable {

    /** Longest line in bytes: more than any program writes. */
    private static final int MAX_BYTES = 4 << 20;

    private static final int BUFFER_BYTES = 64 * 1024;

    /** Between two tries where many wait to be let in. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    private LineChannel(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /** A question as {@link ViewRequest} reads it. */
    public static String request(String verb, Map<String, String> arguments) {
        var line = new StringBuilder(verb);
        new TreeMap<>(arguments).forEach((name, value) -> line.append(' ').append(name).append('=').append(
                URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20")));
        return line.toString();
    }

    /**
     * Connects and sends a line.
     *
     * @throws ConnectException if nobody listens there
     * @throws SocketTimeoutException if it takes longer
     */
    public static LineChannel open(Path socket, String line, long patienceMillis) throws IOException {
        long latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        SocketChannel channel = connect(socket, latest);
        try {
            Selector selector = Selector.open();
            try {
                channel.register(selector, 0);
                var opened = new LineChannel(channel, selector);
                opened.send(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), latest);
                return opened;
            } catch (IOException | RuntimeException e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SocketChannel connect(Path socket, long latest) throws IOException {
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (ConnectException e) {
                channel.close();
                throw e;
            } catch (IOException e) {
                // EAGAIN: its queue is full, and it lets nobody in at the moment.
                channel.close();
                if (System.nanoTime() - latest >= 0) {
                    throw timeout(e);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private static SocketTimeoutException timeout(@Nullable Throwable cause) {
        var timeout = new SocketTimeoutException("it does not answer");
        timeout.initCause(cause);
        return timeout;
    }

    private void send(ByteBuffer bytes, long latest) throws IOException {
        while (bytes.hasRemaining()) {
            int count;
            try {
                count = channel.write(bytes);
            } catch (IOException e) {
                return; // it was refused without being heard, and the answer says why
            }
            if (count == 0) {
                await(SelectionKey.OP_WRITE, latest);
            }
        }
    }

    /**
     * The next line.
     *
     * @return null at the end
     * @throws SocketTimeoutException if nothing comes for so long
     */
    public @Nullable String read(long patienceMillis) throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            while (in.hasRemaining()) {
                byte next = in.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
            }
            if (line.size() > MAX_BYTES) {
                throw new IOException("it sent a line of more than " + MAX_BYTES + " bytes");
            }
            long latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            in.clear();
            int count = receive();
            while (count == 0) {
                await(SelectionKey.OP_READ, latest);
                count = receive();
            }
            in.flip();
            if (count < 0) {
                return null;
            }
        }
    }

    /** As a read; a reset is an end. */
    private int receive() throws IOException {
        try {
            return channel.read(in);
        } catch (SocketException e) {
            return -1;
        }
    }

    /** Whether a line, or a part of one, has come and is not read. */
    public boolean hasMore() {
        return in.hasRemaining();
    }

    private void await(int operation, long latest) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(latest - System.nanoTime());
        if (left <= 0) {
            throw timeout(null);
        }
        channel.keyFor(selector).interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
    }

    @Override
    public void close() {
        try (selector; channel) {
            // Both, whatever one of them says.
        } catch (IOException e) {
            // There is nothing more to say to the program.
        }
    }
}
