package dev.heddle.tls.openssl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * The binding of a server's sessions to the name that the client asks for and to the server's terms: none is resumed
 * under another name (RFC 8446, section 4.6.1), since who has spoken to one has not seen the certificate of the other.
 */
final class SessionBinding {

    private SessionBinding() {}

    static void bind(long ssl, String name, byte[] salt) {
        try (Arena arena = Arena.ofConfined()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            byte[] bound = digest.digest(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
            MemorySegment bytes = arena.allocate(bound.length);
            MemorySegment.copy(bound, 0, bytes, ValueLayout.JAVA_BYTE, 0, bound.length);
            Ssl.SET_SESSION_ID_CONTEXT.call(ssl, bytes.address(), bound.length);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
