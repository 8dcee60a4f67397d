package dev.heddle.http.internal.websocket;

import dev.heddle.internal.Hash;
import dev.heddle.internal.SecretNumbers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The key of an opening handshake and the proof that a server has understood it (RFC 6455, section 4). */
public final class AcceptKey {

    /** The version of the protocol that is spoken here. */
    public static final String VERSION = "13";

    /** RFC 6455, section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int BYTES = 16;

    private AcceptKey() {}

    /** A key for a client to send. */
    public static String newKey() {
        return Base64.getEncoder().encodeToString(SecretNumbers.bytes(BYTES));
    }

    /** Whether what a client has sent is a key. */
    public static boolean isKey(String text) {
        try {
            return text.length() == 24 && Base64.getDecoder().decode(text).length == BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What proves that a server has understood the key. */
    public static String acceptFor(String key) {
        byte[] hash = Hash.of("SHA-1", (key + GUID).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
    }
}
