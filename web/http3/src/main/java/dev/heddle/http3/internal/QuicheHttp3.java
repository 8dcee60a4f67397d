package dev.heddle.http3.internal;

import dev.heddle.Loop;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.client.call.Http2Choice;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.client.connection.ClientSession;
import dev.heddle.http.internal.client.connection.HostPool;
import dev.heddle.http.internal.client.connection.Http3Client;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.server.ConnectionLimits;
import dev.heddle.http.internal.server.ConnectionSettings;
import dev.heddle.http.internal.server.Http3Port;
import dev.heddle.http.internal.server.Http3Provider;
import dev.heddle.quic.Quic;
import dev.heddle.quic.internal.ApplicationCodes;
import dev.heddle.quic.internal.ConnectionTerms;
import dev.heddle.quic.internal.Conversation;
import dev.heddle.quic.internal.Endpoint;
import dev.heddle.quic.internal.PortShare;
import dev.heddle.quic.internal.SessionMemory;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** HTTP/3 over quiche; found by {@link java.util.ServiceLoader}. */
public final class QuicheHttp3 implements Http3Provider, Http3Client {

    /** Handshakes with peers who have not proved their address, beyond which they are asked to. */
    private static final int MAX_HANDSHAKES = 64;

    private static final ApplicationCodes CODES = new ApplicationCodes(
            Http3Error.NO_ERROR.code(), Http3Error.NO_ERROR.code(), Http3Error.REQUEST_CANCELLED.code(),
            Http3Error.REQUEST_REJECTED.code(), Http3Error.EXCESSIVE_LOAD.code());

    private static final ApplicationCodes CODES_OF_CLIENT = new ApplicationCodes(
            Http3Error.NO_ERROR.code(), Http3Error.REQUEST_CANCELLED.code(), Http3Error.REQUEST_CANCELLED.code(),
            Http3Error.STREAM_CREATION_ERROR.code(), Http3Error.EXCESSIVE_LOAD.code());

    /** A server's that is shorter counts. */
    private static final Duration MAX_SILENCE = Duration.ofSeconds(30);

    /** The clock of the request counts before. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final SessionMemory sessions = new SessionMemory();

    /** For {@link java.util.ServiceLoader}. */
    public QuicheHttp3() {}

    @Override
    public Http3Port listen(
            String host, int port, TlsIdentity identity, ConnectionSettings settings, int maxConnections,
            List<Loop> loops) {
        Http2Options options = settings.http2();
        Http2Limits streams = options == null ? Http2Limits.DEFAULT : options.limits();
        ConnectionLimits limits = settings.limits();
        var terms = new ConnectionTerms(List.of("h3"), limits.idleTime(), limits.headTime(), streams.maxStreams(),
                ControlStreams.MAX_STREAMS, streams.streamWindow(), streams.connectionWindow(), 0, maxConnections,
                Math.min(MAX_HANDSHAKES, maxConnections), CODES, null);
        String keys = identity.pem();
        if (loops.size() == 1) {
            return new Http3ServerPort(Endpoint.listen(host, port, terms, keys), streams);
        }
        List<PortShare> shares = PortShare.of(loops.size());
        return PerLoopHttp3Port.listen(loops, number -> new Http3ServerPort(
                Endpoint.listen(host, port, terms, keys, shares.get(number)), streams));
    }

    @Override
    public Optional<String> whyNot() {
        return Quic.whyNot();
    }

    @Override
    public ClientSession connect(
            HostPool host, CallContext call, TlsTrust trust, String name, InetSocketAddress server) {
        Http2Limits limits = call.client().http2().limits();
        Http2Limits streams = limits == null ? Http2Choice.DEFAULT_LIMITS : limits;
        var terms = new ConnectionTerms(List.of("h3"), MAX_SILENCE, HANDSHAKE, 1, ControlStreams.MAX_STREAMS,
                streams.streamWindow(), streams.connectionWindow(), 0, 1, 1, CODES_OF_CLIENT, sessions);
        Conversation conversation = Endpoint.ofClient(server, terms, trust)
                .connect(name, server, HANDSHAKE);
        return new Http3ClientConnection(host, call, conversation, streams.maxStreams());
    }
}
