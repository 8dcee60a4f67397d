package dev.heddle.http;

import dev.heddle.http.ClientClock.Phase;
import dev.heddle.http.ClientUrl.Origin;
import dev.heddle.net.ByteStream;

/** Makes the connection on a way: straight or by a proxy, and TLS over it if the scheme is https. */
final class ClientDial {

    private ClientDial() {}

    /**
     * Connects.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param offerHttp2 whether TLS may agree on HTTP/2
     */
    static ByteStream connect(ClientOptions options, ClientRoute route, boolean offerHttp2, ClientClock clock,
            Trace trace) {
        clock.enter(Phase.CONNECT);
        Origin origin = route.origin();
        Proxy proxy = route.proxy();
        String host = proxy == null ? origin.host() : proxy.host();
        int port = proxy == null ? origin.port() : proxy.port();
        trace.connecting(host, port);
        ByteStream stream = options.connector().connect(host, port);
        trace.connected();
        if (proxy != null && proxy.needsTunnel(origin)) {
            clock.enter(Phase.PROXY);
            tunnel(stream, proxy, origin, options.call().limits());
        }
        if (!origin.tls()) {
            return stream;
        }
        clock.enter(Phase.TLS);
        trace.tlsStarted();
        ByteStream secured = options.tls().connect(stream, origin, offerHttp2);
        trace.tlsAgreed();
        return secured;
    }

    private static void tunnel(ByteStream stream, Proxy proxy, Origin origin, ClientLimits limits) {
        boolean open = false;
        try {
            switch (proxy.kind()) {
                case HTTP -> HttpTunnel.open(stream, proxy, origin, limits);
                case SOCKS5 -> Socks5.open(stream, proxy, origin);
            }
            open = true;
        } finally {
            if (!open) {
                stream.abort();
            }
        }
    }
}
