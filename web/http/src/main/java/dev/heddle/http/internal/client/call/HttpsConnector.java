package dev.heddle.http.internal.client.call;

import dev.heddle.CancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;

/**
 * The TLS layer over a client's connections to servers and proxies: the peer's name announced and checked against its
 * certificate (RFC 9110, section 4.3.4), {@code http/1.1} as the protocol, or {@code h2} before it (RFC 7301).
 */
public final class HttpsConnector {

    private static final String HTTP_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    /** The clock of the request bounds the handshake, and says what it was part of. */
    private static final Duration NO_BOUND = Duration.ofDays(1);

    private final ClientTls http1;
    private final ClientTls either;

    public HttpsConnector(ClientTls tls) {
        ClientTls unbounded = tls.withHandshakeTimeout(NO_BOUND);
        this.http1 = unbounded.withProtocols(HTTP_1);
        this.either = unbounded.withProtocols(HTTP_2, HTTP_1);
    }

    /**
     * Agrees on TLS over a connection, which is owned from now on.
     *
     * <p>Cancellation: a cancelled call has closed the connection.
     *
     * @param host whose certificate it must be: a name, or an IP address without brackets
     * @param offerHttp2 whether the server may choose HTTP/2
     * @throws TlsException if the server speaks no TLS, none in common, or is not who it must be
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public ByteStream connect(ByteStream plain, String host, boolean offerHttp2) {
        return Tls.upgradeClient(plain, host, offerHttp2 ? either : http1);
    }

    /** Whom a protocol with a TLS of its own is to trust; throws as {@link ClientTls#soleTrust}. */
    public TlsTrust trust() {
        return http1.soleTrust();
    }

    /** Whether HTTP/2 was agreed on. */
    public static boolean hasHttp2(ByteStream connected) {
        return Tls.session(connected).map(session -> session.protocol().equals(HTTP_2)).orElse(false);
    }
}
