package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The certificate that all sides of a benchmark take is valid for all of them. */
final class TlsCertificateTest {

    @Test
    void allTakeTheSame() throws Exception {
        assertEquals(TlsCertificate.load().certificate(), TlsCertificate.load().certificate());
    }

    @Test
    void itIsValid() throws Exception {
        TlsCertificate certificate = TlsCertificate.load();
        assertEquals("EC", certificate.key().getAlgorithm());
        assertDoesNotThrow(() -> certificate.certificate().checkValidity());
    }
}
