package dev.heddle.http.internal.proxy;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.http.internal.syntax.Network;
import dev.heddle.io.ByteStream;
import dev.heddle.tls.Tls;
import java.util.ArrayList;
import java.util.List;

/**
 * The proxies that are believed about where a request comes from: the peers whose {@code X-Forwarded-For}, {@code
 * -Proto} and {@code -Host}, or whose {@code Forwarded} (RFC 7239), count. Never both: a proxy that writes the one
 * passes the other on as its own client sent it.
 *
 * <p>The list of addresses is read from its end, where the nearest proxy wrote, as long as the writer is trusted. So
 * what a client has put at its beginning is never reached.
 *
 * @param networks the addresses of those that are believed
 * @param local whether all peers without an IP address are
 * @param standard whether they write {@code Forwarded}
 */
public record TrustedProxies(List<Network> networks, boolean local, boolean standard) {

    /** Believes nobody. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of(), false, false);

    /** Most elements of a list that are looked at; more is an attack. */
    private static final int MAX_HOPS = 32;

    /**
     * Believes these peers.
     *
     * @param networks ranges of IP addresses, or {@code unix} for all peers without one
     * @param standard whether they write {@code Forwarded}
     */
    public static TrustedProxies of(boolean standard, String... networks) {
        var ranges = new ArrayList<Network>();
        boolean local = false;
        for (String network : networks) {
            if (network.equals("unix")) {
                local = true;
            } else {
                ranges.add(Network.parse(network));
            }
        }
        return new TrustedProxies(List.copyOf(ranges), local, standard);
    }

    /** Whether it is a proxy of ours that speaks at the other end of a connection. */
    public boolean trusts(ByteStream connection) {
        return trustsPeer(hostOf(connection.remoteAddress()));
    }

    private boolean trustsPeer(String address) {
        byte[] bytes = IpAddresses.parse(address);
        return bytes == null ? local : isOurs(bytes);
    }

    private boolean isOurs(byte[] address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Where a request comes from. Waits at most for a handshake that is done long since. */
    public RequestOrigin origin(RequestHead head, ByteStream connection) {
        String peer = hostOf(connection.remoteAddress());
        var direct = new RequestOrigin(peer, Tls.session(connection).isPresent(), head.host());
        if ((networks.isEmpty() && !local) || !trustsPeer(peer)) {
            return direct;
        }
        return standard ? forwarded(head.headers(), direct) : xForwarded(head.headers(), direct);
    }

    private RequestOrigin xForwarded(Headers headers, RequestOrigin direct) {
        List<String> hops = elements(headers, "X-Forwarded-For");
        String client = direct.clientAddress();
        for (int i = hops.size() - 1; i >= 0; i--) {
            String hop = hostOf(hops.get(i));
            byte[] address = IpAddresses.parse(hop);
            if (address == null) {
                break;
            }
            client = hop;
            if (!isOurs(address)) {
                break;
            }
        }
        List<String> protos = elements(headers, "X-Forwarded-Proto");
        List<String> hosts = elements(headers, "X-Forwarded-Host");
        return new RequestOrigin(
                client, protos.isEmpty() ? direct.secure() : secure(protos.getLast(), direct.secure()),
                hosts.isEmpty() || !Authority.isValid(hosts.getLast()) ? direct.host() : hosts.getLast());
    }

    private RequestOrigin forwarded(Headers headers, RequestOrigin direct) {
        RequestOrigin known = direct;
        List<String> hops = elements(headers, "Forwarded");
        for (int i = hops.size() - 1; i >= 0; i--) {
            ForwardedElement hop = ForwardedElement.parse(hops.get(i));
            if (hop == null) {
                break;
            }
            String from = hostOf(hop.from());
            byte[] address = IpAddresses.parse(from);
            known = new RequestOrigin(
                    address == null ? known.clientAddress() : from,
                    secure(hop.proto(), known.secure()),
                    Authority.isValid(hop.host()) ? hop.host() : known.host());
            if (address == null || !isOurs(address)) {
                break;
            }
        }
        return known;
    }

    private static boolean secure(String proto, boolean otherwise) {
        return proto.equalsIgnoreCase("https") || (!proto.equalsIgnoreCase("http") && otherwise);
    }

    /** The last elements of a list over all fields of a name. */
    private static List<String> elements(Headers headers, String name) {
        var elements = new ArrayList<String>();
        for (String value : headers.all(name)) {
            for (String element : value.split(",", -1)) {
                elements.add(element.strip());
            }
        }
        return elements.size() <= MAX_HOPS ? elements : elements.subList(elements.size() - MAX_HOPS, elements.size());
    }

    /** The address without its port, brackets and zone: of {@code [fe80::1%2]:80} the {@code fe80::1}. */
    public static String hostOf(String address) {
        String host = address;
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            host = end < 0 ? host : host.substring(1, end);
        } else if (host.indexOf(':') == host.lastIndexOf(':') && host.indexOf(':') > 0) {
            host = host.substring(0, host.indexOf(':'));
        }
        int zone = host.indexOf('%');
        return zone < 0 ? host : host.substring(0, zone);
    }
}
