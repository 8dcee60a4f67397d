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

/** The members of a room of WebSockets: one of them speaks, and all hear it (RFC 6455). */
final class RoomLoad implements AutoCloseable {

    private static final long LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(30);
    private static final int BYTES = 64;

    /** As a server sends it: two bytes of head, and no mask. */
    private static final int FRAME_BYTES = 2 + BYTES;

    private static final int FINAL_TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;
    private static final String ASK = "GET " + Site.ROOM_PATH + " HTTP/1.1\r\nHost: localhost\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private final List<SocketChannel> members = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(FRAME_BYTES);

    /** Has so many join. */
    RoomLoad(int port, int count) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < count; i++) {
            SocketChannel member = SocketChannel.open(address);
            members.add(member);
            member.setOption(StandardSocketOptions.TCP_NODELAY, true);
            member.write(ByteBuffer.wrap(ASK.getBytes(US_ASCII)));
            awaitHead(member);
            member.configureBlocking(false);
            member.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Byte by byte: what comes behind it is a message's. */
    private static void awaitHead(SocketChannel member) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            if (member.read(one.clear()) < 0) {
                break;
            }
            head.append((char) one.get(0));
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no WebSocket, but " + head);
        }
    }

    /** Has one of them speak, and returns when all have heard it. */
    void speak() throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + MASK_BYTES);
        frame.put((byte) FINAL_TEXT).put((byte) (MASKED | BYTES)).putInt(0).put("x".repeat(BYTES).getBytes(US_ASCII));
        members.getFirst().write(frame.flip());
        long left = (long) members.size() * FRAME_BYTES;
        while (left > 0) {
            if (selector.select(LIMIT_MILLIS) == 0) {
                throw new IOException(left / FRAME_BYTES + " of " + members.size() + " have not heard it");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                int count = ((SocketChannel) key.channel()).read(buffer.clear());
                if (count < 0) {
                    throw new IOException("the server has closed a connection");
                }
                left -= count;
            }
            selector.selectedKeys().clear();
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel member : members) {
            member.close();
        }
        selector.close();
    }
}
