package dev.heddle.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections on which a server sends the same to all.
 *
 * <p>Who waits for them does not sleep, as a sleeper's wake-ups are paid by who sends: of one server on one machine they
 * took up to half of a delivery, by how often it slept.
 */
final class Listeners implements AutoCloseable {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Between two looks, so that the kernel's locks of the connections are the server's most of the time. */
    private static final long PAUSE_NANOS = 300_000;

    private static final int BUFFER_BYTES = 4096;

    /** The kernel makes it a little more; a server soon cannot send to who does not read. */
    private static final int LEAST_BYTES = 1024;

    private final List<SocketChannel> members = new ArrayList<>();
    private final List<SocketChannel> stalled = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final InetSocketAddress address;
    private final String ask;
    private final String answer;

    /**
     * @param ask the whole request of one that joins
     * @param answer how the answer to it begins
     */
    Listeners(int port, String ask, String answer) throws IOException {
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.ask = ask;
        this.answer = answer;
    }

    /** Has so many join. */
    void join(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel member = SocketChannel.open();
            members.add(member);
            begin(member);
            member.configureBlocking(false);
            member.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Has so many join that read nothing behind the head. */
    void joinStalled(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel member = SocketChannel.open();
            stalled.add(member);
            member.setOption(StandardSocketOptions.SO_RCVBUF, LEAST_BYTES);
            begin(member);
        }
    }

    private void begin(SocketChannel member) throws IOException {
        member.connect(address);
        member.setOption(StandardSocketOptions.TCP_NODELAY, true);
        member.write(ByteBuffer.wrap(ask.getBytes(US_ASCII)));
        String head = head(member);
        if (!head.startsWith(answer)) {
            throw new IOException("no " + answer + ", but " + head);
        }
    }

    /** Byte by byte: what comes behind it is a message's. */
    static String head(SocketChannel member) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            if (member.read(one.clear()) < 0) {
                break;
            }
            head.append((char) one.get(0));
        }
        return head.toString();
    }

    /** The first of those that read. */
    SocketChannel first() {
        return members.getFirst();
    }

    /**
     * Returns when all that read have together had so much for each.
     *
     * @throws IOException if nothing comes for half a minute, or a connection ends
     */
    void await(int bytesOfEach) throws IOException {
        long left = (long) members.size() * bytesOfEach;
        long lastCame = System.nanoTime();
        while (left > 0) {
            long looked = System.nanoTime();
            if (selector.selectNow() > 0) {
                left -= take();
                lastCame = looked;
            } else if (looked - lastCame > LIMIT_NANOS) {
                throw new IOException(left / bytesOfEach + " of " + members.size() + " have not heard it");
            }
            while (System.nanoTime() - looked < PAUSE_NANOS) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Returns when nothing has come for a while.
     *
     * @return how much has
     */
    long awaitSilence(long millis) throws IOException {
        long bytes = 0;
        while (selector.select(millis) > 0) {
            bytes += take();
        }
        return bytes;
    }

    private long take() throws IOException {
        long bytes = 0;
        for (SelectionKey key : selector.selectedKeys()) {
            int count = ((SocketChannel) key.channel()).read(buffer.clear());
            if (count < 0) {
                throw new IOException("the server has closed a connection");
            }
            bytes += count;
        }
        selector.selectedKeys().clear();
        return bytes;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel member : members) {
            member.close();
        }
        for (SocketChannel member : stalled) {
            member.close();
        }
        selector.close();
    }
}
