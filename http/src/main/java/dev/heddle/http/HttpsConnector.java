package dev.heddle.http;

import dev.heddle.CancelledException;
import dev.heddle.http.ClientUrl.Origin;
import dev.heddle.net.ByteStream;
import dev.heddle.net.ClientTls;
import dev.heddle.net.Tls;
import dev.heddle.net.TlsException;
import java.time.Duration;

/**
 * Puts TLS over a client's connections: the server's name announced and checked against its certificate (RFC 9110, section
 * 4.3.4), {@code http/1.1} as the protocol (RFC 7301).
 */
final class HttpsConnector {

    private static final String PROTOCOL = "http/1.1";

    /** The clock of the request bounds the handshake, and says what it was part of. */
    private static final Duration NO_BOUND = Duration.ofDays(1);

    private final ClientTls tls;

    HttpsConnector(ClientTls tls) {
        this.tls = tls.withProtocols(PROTOCOL).withHandshakeTimeout(NO_BOUND);
    }

    /**
     * Agrees on TLS over a connection, which is owned from now on.
     *
     * <p>Cancellation: a cancelled call has closed the connection.
     *
     * @throws TlsException if the server speaks no TLS, none in common, or is not who it must be
     * @throws CancelledException if the enclosing scope is cancelled
     */
    ByteStream connect(ByteStream plain, Origin origin) {
        return Tls.upgradeClient(plain, origin.host(), tls);
    }
}
