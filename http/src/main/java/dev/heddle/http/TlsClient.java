package dev.heddle.http;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.http.ClientUrl.Origin;
import dev.heddle.net.ByteStream;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS over a client's connections: version 1.2 or 1.3, the server's name announced (RFC 6066) and checked against its
 * certificate (RFC 9110, section 4.3.4), {@code http/1.1} as the protocol (RFC 7301).
 */
final class TlsClient {

    private static final String PROTOCOL = "http/1.1";
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private final @Nullable SSLContext context;
    private final TlsBuffers buffers = new TlsBuffers();

    /**
     * @param context what to trust; null for the JVM's default
     */
    TlsClient(@Nullable SSLContext context) {
        this.context = context;
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
        boolean agreed = false;
        try {
            // Loading trust anchors reads files and takes long; later connections find it done.
            SSLEngine engine = Heddle.offload(() -> engine(origin));
            var transport = new TlsTransport(plain.transport(), engine, buffers);
            transport.handshake();
            requireProtocol(engine);
            agreed = true;
            return new ByteStream(transport);
        } catch (TlsException e) {
            throw new TlsException("no TLS with " + origin + ": " + e.getMessage(), e);
        } finally {
            if (!agreed) {
                plain.abort();
            }
        }
    }

    private SSLEngine engine(Origin origin) throws NoSuchAlgorithmException {
        SSLContext chosen = context == null ? SSLContext.getDefault() : context;
        SSLEngine engine = chosen.createSSLEngine(origin.host(), origin.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[]{PROTOCOL});
        if (isName(origin.host())) {
            parameters.setServerNames(List.of(new SNIHostName(origin.host())));
        }
        List<String> versions = new ArrayList<>(VERSIONS);
        versions.retainAll(Arrays.asList(engine.getSupportedProtocols()));
        parameters.setProtocols(versions.toArray(String[]::new));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Whether the host is a name; addresses are not announced (RFC 6066, section 3). */
    private static boolean isName(String host) {
        return host.indexOf(':') < 0 && !Character.isDigit(host.charAt(host.length() - 1));
    }

    private static void requireProtocol(SSLEngine engine) {
        String agreed = engine.getApplicationProtocol();
        if (agreed != null && !agreed.isEmpty() && !agreed.equals(PROTOCOL)) {
            throw new TlsException("the server chose the protocol " + FieldSyntax.printable(agreed));
        }
    }
}
