package dev.heddle.http.internal.client.connection;

import dev.heddle.Heddle;
import dev.heddle.http.client.AddressRules;
import dev.heddle.http.client.Connector;
import dev.heddle.http.client.ProxyException;
import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.internal.client.call.CallDeadline;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.client.call.ClientRoute;
import dev.heddle.http.internal.client.call.ProxyServer;
import dev.heddle.http.internal.client.call.RequestTrace;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.io.ByteStream;
import dev.heddle.net.AddressRefusedException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.ConnectOptions;
import dev.heddle.net.Dns;
import dev.heddle.net.ResolveException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The maker of connections on a way: straight or by a proxy, and TLS over it if the scheme is https. */
public final class Dialer {

    private Dialer() {}

    /**
     * Connects.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param offerHttp2 whether TLS may agree on HTTP/2
     */
    public static ByteStream connect(CallContext call, ClientRoute route, boolean offerHttp2) {
        call.deadline().enter(Phase.CONNECT);
        return connectInTime(call, route, offerHttp2);
    }

    /** Connects in the time of a phase that has begun already; otherwise as {@link #connect}. */
    static ByteStream connectInTime(CallContext call, ClientRoute route, boolean offerHttp2) {
        Origin origin = route.origin();
        AddressRules rules = call.client().addresses();
        ProxyServer proxy = route.proxy();
        if (rules == null || proxy == null || !route.isTunnel()) {
            return connect(call, route, origin, null, offerHttp2);
        }
        List<Origin> ends = checked(origin, rules);
        Duration share = call.options().timeouts().connect().dividedBy(ends.size());
        ProxyException failure = null;
        for (Origin end : ends) {
            boolean last = end == ends.getLast();
            try {
                return connect(call, route, end, last ? null : share, offerHttp2);
            } catch (ProxyException e) {
                if (!proxy.failures().isOfServer(e)) {
                    throw e;
                }
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        throw Objects.requireNonNull(failure);
    }

    /**
     * @param end where a tunnel is to lead to
     * @param share how long the proxy has for it, so that others can be tried; null if the deadline says it all
     */
    private static ByteStream connect(
            CallContext call, ClientRoute route, Origin end, @Nullable Duration share, boolean offerHttp2) {
        CallDeadline deadline = call.deadline();
        RequestTrace trace = call.trace();
        Origin origin = route.origin();
        ProxyServer proxy = route.proxy();
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
                if (route.isTunnel()) {
                    ByteStream plain = stream;
                    if (share == null) {
                        tunnel(plain, proxy, end, call.client());
                    } else if (!Heddle.moveOnAfter(share, () -> tunnel(plain, proxy, end, call.client()))) {
                        throw proxy.failures().ofServer(
                                "the proxy " + proxy + " makes no tunnel to " + end + " in " + share.toMillis()
                                        + " ms");
                    }
                }
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

    private static void tunnel(ByteStream stream, ProxyServer proxy, Origin end, ClientOptions options) {
        switch (proxy.kind()) {
            case HTTP, HTTPS -> HttpTunnel.open(stream, proxy, end, options.call().limits());
            case SOCKS5 -> Socks5.open(stream, proxy, end);
        }
    }

    /** The places of the origin, with addresses that were checked instead of its name: the proxy looks up nothing. */
    private static List<Origin> checked(Origin origin, AddressRules rules) {
        List<InetAddress> found;
        try {
            found = Dns.resolve(origin.host());
        } catch (ResolveException e) {
            throw new ConnectFailedException(origin.hostAndPort(), e);
        }
        List<Origin> places = found.stream()
                .filter(rules::allows)
                .limit(ConnectOptions.DEFAULT.maxAddresses())
                .map(address -> new Origin(origin.tls(), text(address), origin.port()))
                .toList();
        if (places.isEmpty()) {
            throw new AddressRefusedException(origin.host(), found);
        }
        return places;
    }

    private static String text(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : IpAddresses.sixText(bytes);
    }
}
