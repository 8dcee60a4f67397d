package dev.heddle.http3.internal;

import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.server.ConnectionLimits;
import dev.heddle.http.internal.server.ConnectionSettings;
import dev.heddle.http.internal.server.Http3Port;
import dev.heddle.http.internal.server.Http3Provider;
import dev.heddle.quic.internal.ApplicationCodes;
import dev.heddle.quic.internal.ConnectionTerms;
import dev.heddle.quic.internal.Endpoint;
import dev.heddle.tls.TlsIdentity;
import java.util.List;

/** HTTP/3 over quiche; found by {@link java.util.ServiceLoader}. */
public final class QuicheHttp3 implements Http3Provider {

    /** Handshakes with peers who have not proved their address, beyond which they are asked to. */
    private static final int MAX_HANDSHAKES = 64;

    private static final ApplicationCodes CODES = new ApplicationCodes(
            Http3Error.NO_ERROR.code(), Http3Error.NO_ERROR.code(), Http3Error.REQUEST_CANCELLED.code(),
            Http3Error.EXCESSIVE_LOAD.code());

    /** For {@link java.util.ServiceLoader}. */
    public QuicheHttp3() {}

    @Override
    public Http3Port listen(
            String host, int port, TlsIdentity identity, ConnectionSettings settings, int maxConnections) {
        Http2Options options = settings.http2();
        Http2Limits streams = options == null ? Http2Limits.DEFAULT : options.limits();
        ConnectionLimits limits = settings.limits();
        var terms = new ConnectionTerms(List.of("h3"), limits.idleTime(), limits.headTime(), streams.maxStreams(),
                ControlStreams.MAX_STREAMS, streams.streamWindow(), streams.connectionWindow(), maxConnections,
                Math.min(MAX_HANDSHAKES, maxConnections), CODES);
        return new Http3ServerPort(Endpoint.listen(host, port, terms, identity.pem()), streams.maxStreams());
    }
}
