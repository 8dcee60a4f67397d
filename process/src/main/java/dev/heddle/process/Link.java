package dev.heddle.process;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of the connection to a child. Its waits are ended by an interrupt of the thread, which breaks no message and
 * closes nothing: the reason for a selector instead of blocking calls.
 *
 * <p>Threads: one.
 */
final class Link implements Closeable {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private int maxFrameBytes;

    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** What has come of the frame under way: its head, then its content. */
    private final ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + Frame.HEAD_BYTES);
    private byte @Nullable [] content;
    private int contentSize;

    Link(SocketChannel channel, int maxFrameBytes) throws IOException {
        this.channel = channel;
        this.maxFrameBytes = maxFrameBytes;
        selector = Selector.open();
        try {
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    /** Allows longer messages, once the peer is known. */
    void trust(int maxBytes) {
        maxFrameBytes = maxBytes;
    }

    /**
     * Sends a message, waiting while the peer takes nothing.
     *
     * @param patience asked while it waits
     */
    void send(Frame frame, Patience patience) throws IOException {
        byte[] body = frame.content();
        out.clear();
        out.putInt(Frame.HEAD_BYTES + body.length).put(frame.kind()).putLong(frame.number());
        int sent = Math.min(body.length, out.remaining());
        out.put(body, 0, sent).flip();
        drain(out, patience);
        if (sent < body.length) {
            drain(ByteBuffer.wrap(body, sent, body.length - sent), patience);
        }
    }

    private void drain(ByteBuffer source, Patience patience) throws IOException {
        while (source.hasRemaining()) {
            if (channel.write(source) == 0) {
                key.interestOps(SelectionKey.OP_WRITE);
                await(patience);
                key.interestOps(SelectionKey.OP_READ);
            }
        }
    }

    /**
     * Waits for the next message.
     *
     * @throws EOFException if the peer has closed the connection
     */
    Frame receive(Patience patience) throws IOException {
        while (true) {
            Frame frame = take();
            if (frame != null) {
                return frame;
            }
            in.clear();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                throw new EOFException("the connection is closed");
            }
            if (count == 0) {
                await(patience);
            }
        }
    }

    /** The next message, if it is complete. */
    private @Nullable Frame take() throws IOException {
        if (content == null) {
            while (head.hasRemaining() && in.hasRemaining()) {
                head.put(in.get());
            }
            if (head.hasRemaining()) {
                return null;
            }
            int length = head.getInt(0) - Frame.HEAD_BYTES;
            if (length < 0 || length > maxFrameBytes) {
                throw new IOException("a message of " + length + " bytes, at most " + maxFrameBytes + " may come");
            }
            content = new byte[length];
            contentSize = 0;
        }
        byte[] target = content;
        int count = Math.min(in.remaining(), target.length - contentSize);
        in.get(target, contentSize, count);
        contentSize += count;
        if (contentSize < target.length) {
            readInto(target);
            if (contentSize < target.length) {
                return null;
            }
        }
        content = null;
        head.clear();
        return new Frame(head.get(Integer.BYTES), head.getLong(Integer.BYTES + 1), target);
    }

    /** Long content goes straight to where it belongs. */
    private void readInto(byte[] target) throws IOException {
        int count = 1;
        while (count > 0 && contentSize < target.length) {
            count = channel.read(ByteBuffer.wrap(target, contentSize, target.length - contentSize));
            contentSize += Math.max(0, count);
        }
        if (count < 0) {
            throw new EOFException("the connection is closed inside a message");
        }
    }

    private void await(Patience patience) throws IOException {
        long millis = patience.millis();
        if (millis == 0) {
            selector.select();
        } else {
            selector.select(millis);
        }
        selector.selectedKeys().clear();
        patience.look();
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    /** How long one waits for the child. */
    interface Patience {

        /** How long to wait until {@link #look} is asked again, 0 for as long as it takes. */
        long millis();

        /** Called after each wait; an exception ends the whole. */
        void look() throws IOException;
    }
}
