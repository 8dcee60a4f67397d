package dev.heddle.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * The parent's end of the connection to a child. Its waits are ended by an interrupt of the thread, which breaks no message and
 * closes nothing: the reason for a selector instead of blocking calls.
 *
 * <p>Threads: one; any may {@link #wake} it.
 */
final class Link implements Closeable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Intake intake;
    private final Outlet outlet = new Outlet(this::drain);

    /** Of the call that is under way. */
    private Patience patience = Patience.ENDLESS;

    private Link(SocketChannel channel, Selector selector, SelectionKey key, int maxFrameBytes) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        intake = new Intake(maxFrameBytes);
    }

    /** Takes over a channel, which is closed if that fails, as when descriptors are used up. */
    static Link of(SocketChannel channel, int maxFrameBytes) throws IOException {
        Selector selector = null;
        Link link = null;
        try {
            selector = Selector.open();
            channel.configureBlocking(false);
            link = new Link(channel, selector, channel.register(selector, SelectionKey.OP_READ), maxFrameBytes);
            return link;
        } finally {
            if (link == null) {
                channel.close();
                if (selector != null) {
                    selector.close();
                }
            }
        }
    }

    /** Allows longer messages, once the peer is known. */
    void trust(int maxBytes) {
        intake.allow(maxBytes);
    }

    /**
     * Sends a message, and those that were put before it, waiting while the peer takes nothing.
     *
     * @param asked while it waits
     */
    void send(Frame frame, Patience asked) throws IOException {
        patience = asked;
        outlet.put(frame.kind(), frame.number(), frame.content());
        outlet.flush();
    }

    /** Puts a message behind others that go out with the next {@link #flush}. */
    void put(byte kind, long number, Output content, Patience asked) throws IOException {
        patience = asked;
        outlet.put(kind, number, content);
    }

    void flush(Patience asked) throws IOException {
        patience = asked;
        outlet.flush();
    }

    private void drain(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            if (channel.write(source) == 0) {
                key.interestOps(SelectionKey.OP_WRITE);
                try {
                    await();
                } finally {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
        }
    }

    /**
     * Waits for the next message.
     *
     * @throws java.io.EOFException if the peer has closed the connection
     */
    Frame receive(Patience asked) throws IOException {
        Frame frame = intake.next();
        while (frame == null) {
            if (!intake.readFrom(channel)) {
                patience = asked;
                await();
            }
            frame = intake.next();
        }
        return frame;
    }

    private void await() throws IOException {
        long millis = patience.millis();
        boolean quiet = (millis == 0 ? selector.select() : selector.select(millis)) == 0;
        selector.selectedKeys().clear();
        patience.look(quiet);
    }

    /** Has the waiting thread look. Any thread. */
    void wake() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    /** How long one waits for the child. */
    interface Patience {

        Patience ENDLESS = new Patience() {
            @Override
            public long millis() {
                return 0;
            }

            @Override
            public void look(boolean quiet) {}
        };

        /** How long to wait until {@link #look} is asked again, 0 for as long as it takes. */
        long millis();

        /**
         * Called after each wait; an exception ends the whole.
         *
         * @param quiet whether nothing has come from the child
         */
        void look(boolean quiet) throws IOException;
    }
}
