package dev.heddle.quic.internal;

import dev.heddle.internal.SecretNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The tokens by which a server knows without keeping anything that a peer receives at the address that it says it has
 * (RFC 9000, section 8.1.2): the time, the id that the client had chosen, and a code over both, the address and the id
 * that the server gave it, by a key that nobody else has.
 */
final class RetryTokens {

    /** How long one is good for: a round trip or two. */
    static final Duration LIFE = Duration.ofSeconds(10);

    private static final String CODE = "HmacSHA256";
    private static final int CODE_BYTES = 16;

    private final SecretKeySpec key = new SecretKeySpec(SecretNumbers.bytes(32), CODE);

    /**
     * Makes a token.
     *
     * @param now of the loop's clock, in nanoseconds
     * @param original the id that the client has chosen
     * @param given the one that it is to use
     */
    byte[] make(long now, InetSocketAddress peer, byte[] original, long given) {
        ByteBuffer token = ByteBuffer.allocate(Long.BYTES + original.length + CODE_BYTES);
        token.putLong(now).put(original);
        return token.put(code(now, peer, original, given), 0, CODE_BYTES).array();
    }

    /** The id that the client had chosen; null if the token is not ours, not the peer's or too old. */
    byte @Nullable [] original(long now, InetSocketAddress peer, byte[] token, long given) {
        int length = token.length - Long.BYTES - CODE_BYTES;
        if (length < 0 || length > PacketHeader.MAX_ID_BYTES) {
            return null;
        }
        long made = ByteBuffer.wrap(token).getLong();
        byte[] original = Arrays.copyOfRange(token, Long.BYTES, Long.BYTES + length);
        byte[] code = Arrays.copyOf(code(made, peer, original, given), CODE_BYTES);
        boolean ours = MessageDigest.isEqual(code, Arrays.copyOfRange(token, Long.BYTES + length, token.length));
        return ours && now - made <= LIFE.toNanos() ? original : null;
    }

    private byte[] code(long made, InetSocketAddress peer, byte[] original, long given) {
        try {
            Mac mac = Mac.getInstance(CODE);
            mac.init(key);
            mac.update(ByteBuffer.allocate(2 * Long.BYTES + Short.BYTES)
                    .putLong(made)
                    .putLong(given)
                    .putShort((short) peer.getPort())
                    .flip());
            mac.update(peer.getAddress().getAddress());
            return mac.doFinal(original);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(CODE + " is in every JDK", e);
        }
    }
}
