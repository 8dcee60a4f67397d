package dev.heddle.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A datagram that was received.
 *
 * @param payload its bytes, from position to limit; yours alone
 * @param from who sent it, as its header says, which anybody can forge
 * @param truncated whether it was longer and only its first bytes are here
 */
public record Datagram(ByteBuffer payload, InetSocketAddress from, boolean truncated) {

    /** Its bytes in an array of their own. */
    public byte[] bytes() {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return bytes;
    }

    /** Its bytes as UTF-8; malformed ones become U+FFFD. */
    public String text() {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    @Override
    public String toString() {
        return "Datagram[" + payload.remaining() + " bytes from " + AddressText.text(from)
                + (truncated ? ", truncated]" : "]");
    }
}
