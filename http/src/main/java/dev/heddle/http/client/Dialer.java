package dev.heddle.http.client;

import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.io.ByteStream;
import dev.heddle.net.AddressRefusedException;
import dev.heddle.net.Dns;
import java.net.InetAddress;
import java.util.List;

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
        Connector connector = proxy == null ? call.client().direct() : call.client().connector();
        ByteStream stream = connector.connect(host, port);
        boolean ready = false;
        try {
            trace.tell(RequestTracer::connected);
            if (proxy != null && (proxy.isTls() || route.isTunnel())) {
                deadline.enter(Phase.PROXY);
                stream = proxy.open(stream);
                tunnel(stream, proxy, route, call.client());
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

    private static void tunnel(ByteStream stream, Proxy proxy, ClientRoute route, ClientOptions options) {
        if (route.isTunnel()) {
            Origin end = options.addresses() == null ? route.origin() : checked(route.origin(), options.addresses());
            switch (proxy.kind()) {
                case HTTP, HTTPS -> HttpTunnel.open(stream, proxy, end, options.call().limits());
                case SOCKS5 -> Socks5.open(stream, proxy, end);
            }
        }
    }

    /** The place of the origin, with an address that was checked instead of its name: the proxy looks up nothing. */
    private static Origin checked(Origin origin, AddressRules rules) {
        List<InetAddress> found = Dns.resolve(origin.host());
        for (InetAddress address : found) {
            if (rules.allows(address)) {
                byte[] bytes = address.getAddress();
                String text = bytes.length == 4 ? address.getHostAddress() : IpAddresses.sixText(bytes);
                return new Origin(origin.tls(), text, origin.port());
            }
        }
        throw new AddressRefusedException(origin.host(), found);
    }
}
