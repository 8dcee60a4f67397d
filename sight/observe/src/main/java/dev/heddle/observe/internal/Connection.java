package dev.heddle.observe.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The connection of one who asks. The channel never blocks, so a peer that says nothing or does not read costs its
 * thread for {@link #PATIENCE} and no longer.
 *
 * <p>Threads: one.
 */
final class Connection extends OutputStream {

    /** How long a peer may take for its request, and for reading on when its buffers are full. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long a peer that was refused may take to hang up. */
    private static final long LINGER_MILLIS = 1_000;

    /** Most bytes of such a peer that are thrown away. */
    private static final int MAX_LINGER_BYTES = 64 * 1024;

    private static final int BUFFER_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private final ChannelWait wait;
    private final long patienceMillis;
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);

    /** @param channel closed with this, and if this cannot be made */
    Connection(SocketChannel channel, Duration patience) throws IOException {
        this.channel = channel;
        this.patienceMillis = patience.toMillis();
        try {
            channel.configureBlocking(false);
            this.wait = new ChannelWait(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Waits for the line of a request, which has at most {@link ViewRequest#MAX_BYTES} with its end.
     *
     * @throws BadRequestException if it is too long, does not come in time, or is no text
     */
    String readLine() throws IOException {
        ByteBuffer line = ByteBuffer.allocate(ViewRequest.MAX_BYTES);
        long start = System.nanoTime();
        while (true) {
            int from = line.position();
            int count = channel.read(line);
            for (int i = from; i < line.position(); i++) {
                if (line.get(i) == '\n') {
                    return text(line.limit(i).rewind());
                }
            }
            if (count < 0) {
                return text(line.flip());
            }
            if (!line.hasRemaining()) {
                throw new BadRequestException("a request has at most " + ViewRequest.MAX_BYTES + " bytes");
            }
            long left = patienceMillis - (System.nanoTime() - start) / 1_000_000;
            if (count == 0 && (left <= 0 || !wait.await(SelectionKey.OP_READ, left))) {
                throw new BadRequestException("no request came within " + patienceMillis + " ms");
            }
        }
    }

    private static String text(ByteBuffer line) throws BadRequestException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
        } catch (CharacterCodingException e) {
            throw new BadRequestException("a request is a line of UTF-8");
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset, end = offset + length; at < end;) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(end - at, out.remaining());
            out.put(bytes, at, count);
            at += count;
        }
    }

    /**
     * Sends what was written.
     *
     * @throws IOException if the peer has gone, or reads nothing for {@link #PATIENCE}
     */
    @Override
    public void flush() throws IOException {
        out.flip();
        try {
            while (out.hasRemaining()) {
                if (channel.write(out) == 0 && !wait.await(SelectionKey.OP_WRITE, patienceMillis)) {
                    throw new IOException("the peer did not read for " + patienceMillis + " ms");
                }
            }
        } finally {
            out.clear();
        }
    }

    /**
     * Waits, unless the peer hangs up.
     *
     * @return whether the peer is still there
     */
    boolean rest(long millis) throws IOException {
        ByteBuffer more = ByteBuffer.allocate(ViewRequest.MAX_BYTES);
        long start = System.nanoTime();
        for (long left = millis; left > 0; left = millis - (System.nanoTime() - start) / 1_000_000) {
            if (wait.await(SelectionKey.OP_READ, left)) {
                if (channel.read(more.clear()) < 0) {
                    return false;
                }
                throw new BadRequestException("one request a connection");
            }
        }
        return true;
    }

    /**
     * Ends what is sent, and throws away what the peer still says: a connection that is closed before is reset by the
     * system, and the peer's library tells of that instead of the answer.
     */
    void endRefused() throws IOException {
        flush();
        channel.shutdownOutput();
        ByteBuffer more = ByteBuffer.allocate(ViewRequest.MAX_BYTES);
        for (int bytes = 0; bytes < MAX_LINGER_BYTES;) {
            int count = channel.read(more.clear());
            boolean comes = count > 0
                    || (count == 0 && wait.await(SelectionKey.OP_READ, Math.min(LINGER_MILLIS, patienceMillis)));
            if (!comes) {
                return;
            }
            bytes += count;
        }
    }

    @Override
    public void close() throws IOException {
        try (wait) {
            channel.close();
        }
    }
}
