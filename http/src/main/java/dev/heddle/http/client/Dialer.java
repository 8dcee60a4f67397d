package dev.heddle.http.client;

import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.io.ByteStream;

/** The maker of connections on a way: straight or by a proxy, and TLS over it if the scheme is https. */
final class Dialer {

    private Dialer() {}

    /**
     * Connects.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param offerHttp2 whether TLS may agree on HTTP/2
     */
    static ByteStream connect(CallContext call, ClientRoute route, boolean offerHttp2) {
        CallDeadline deadline = call.deadline();
        RequestTrace trace = call.trace();
        deadline.enter(Phase.CONNECT);
        Origin origin = route.origin();
        Proxy proxy = route.proxy();
        String host = proxy == null ? origin.host() : proxy.host();
        int port = proxy == null ? origin.port() : proxy.port();
        trace.connecting(host, port);
        ByteStream stream = call.client().connector().connect(host, port);
        boolean ready = false;
        try {
            trace.tell(RequestTracer::connected);
            if (proxy != null && (proxy.isTls() || proxy.needsTunnel(origin))) {
                deadline.enter(Phase.PROXY);
                stream = proxy.open(stream);
                tunnel(stream, proxy, origin, call.client());
            }
            if (origin.tls()) {
                deadline.enter(Phase.TLS);
                trace.tell(RequestTracer::tlsStarted);
                stream = call.client().tls().connect(stream, origin.host(), offerHttp2);
                trace.tell(RequestTracer::tlsAgreed);
            }
            ready = true;
            return stream;
        } finally {
            if (!ready) {
                stream.abort();
            }
        }
    }

    private static void tunnel(ByteStream stream, Proxy proxy, Origin origin, ClientOptions options) {
        if (proxy.needsTunnel(origin)) {
            switch (proxy.kind()) {
                case HTTP, HTTPS -> HttpTunnel.open(stream, proxy, origin, options.call().limits());
                case SOCKS5 -> Socks5.open(stream, proxy, origin);
            }
        }
    }
}
