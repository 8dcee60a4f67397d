package dev.heddle.tls.openssl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.tls.TlsEngines;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** OpenSSL is found by being on the path, and taken before the JDK's. */
final class ProviderTest {

    @Test
    void opensslIsOfferedBeforeTheJdkAndChosen() {
        assertEquals("openssl", TlsEngines.offers().getFirst().name());
        assertEquals(Optional.empty(), TlsEngines.offers().getFirst().whyNot());
        assertEquals("jdk", TlsEngines.offers().getLast().name());
        assertEquals("openssl", TlsEngines.chosen());
        assertTrue(Libraries.version().startsWith("OpenSSL 3."), Libraries.version());
    }
}
