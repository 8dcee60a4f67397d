package dev.heddle.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The members of a room of WebSockets: one of them speaks, and all hear it (RFC 6455). */
final class RoomLoad implements AutoCloseable {

    private static final int BYTES = 64;

    /** As a server sends it: two bytes of head, and no mask. */
    private static final int FRAME_BYTES = 2 + BYTES;

    private static final int FINAL_TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;
    private static final String ASK = "GET " + Site.ROOM_PATH + " HTTP/1.1\r\nHost: localhost\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private final Listeners members;

    /** Has so many join. */
    RoomLoad(int port, int count) throws IOException {
        members = new Listeners(port, ASK, "HTTP/1.1 101 ");
        members.join(count);
    }

    /** Has one of them speak, and returns when all have heard it. */
    void speak() throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + MASK_BYTES);
        frame.put((byte) FINAL_TEXT).put((byte) (MASKED | BYTES)).putInt(0).put("x".repeat(BYTES).getBytes(US_ASCII));
        members.first().write(frame.flip());
        members.await(FRAME_BYTES);
    }

    @Override
    public void close() throws IOException {
        members.close();
    }
}
