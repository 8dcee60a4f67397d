package dev.heddle.tls.openssl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.tls.internal.TlsEngine;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** No key of TLS 1.3 protects more bytes than its cipher is good for (RFC 8446, section 5.5). */
final class KeyLimitTest {

    private static final int RECORD = 16 * 1024;

    @Test
    void nextKeyIsAnnouncedWhenOneHasProtectedItsBytes() throws SSLException {
        EnginePair pair = EnginePair.agreed(4 * RECORD);

        assertEquals(2, announcements(pair.client(), pair.server(), 12));
        assertEquals(2, announcements(pair.server(), pair.client(), 12));

        pair.free();
    }

    @Test
    void keyThatHasProtectedLittleStays() throws SSLException {
        EnginePair pair = EnginePair.agreed(OpensslEngine.KEY_BYTES);

        assertEquals(0, announcements(pair.client(), pair.server(), 12));

        pair.free();
    }

    /** Sends records and counts those that bring no data; all that was sent arrives. */
    private static int announcements(TlsEngine from, TlsEngine to, int records) throws SSLException {
        int empty = 0;
        for (int i = 0; i < records; i++) {
            byte[] plain = new byte[RECORD];
            plain[0] = (byte) i;
            ByteBuffer cipher = ByteBuffer.allocate(2 * EnginePair.ROOM);
            from.wrap(ByteBuffer.wrap(plain), cipher);
            cipher.flip();
            ByteBuffer got = ByteBuffer.allocate(EnginePair.ROOM);
            while (cipher.hasRemaining()) {
                int before = got.position();
                to.unwrap(cipher, got);
                empty += got.position() == before ? 1 : 0;
            }
            assertTrue(ByteBuffer.wrap(plain).equals(got.flip()), "record " + i);
        }
        return empty;
    }
}
