package dev.heddle.tls.internal;

import dev.heddle.engine.Transport;

/** A transport that TLS protects: below it as with TCP, or within it as with QUIC. */
public interface SecureTransport extends Transport {

    /** What the ends have agreed on; waits for the handshake if it is not done, and throws as that if it fails. */
    TlsAgreement agreement();
}
