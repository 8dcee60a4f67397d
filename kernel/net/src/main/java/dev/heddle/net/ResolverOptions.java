package dev.heddle.net;

import dev.heddle.internal.Checks;
import dev.heddle.net.internal.HostNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The options of a {@link Resolver}: those of {@code resolv.conf}, and the names of {@code hosts}.
 *
 * <p>Domains and names of hosts are written as users write them, and kept in the form that name servers know: in lower
 * case, in ASCII, without a dot at the end. One that is no name is refused with an {@link IllegalArgumentException}.
 */
public final class ResolverOptions {

    /** The port of name servers. */
    public static final int PORT = 53;

    /** The most servers. */
    public static final int MAX_SERVERS = 8;

    /** The most domains that are searched. */
    public static final int MAX_SEARCH = 32;

    /** The longest wait for one answer of one server. */
    public static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

    /** The most times that each server is asked. */
    public static final int MAX_ATTEMPTS = 5;

    /** The most dots that may count (resolv.conf(5)). */
    private static final int MAX_NDOTS = 15;

    private final List<InetSocketAddress> servers;
    private final List<String> search;
    private final int ndots;
    private final Duration timeout;
    private final int attempts;
    private final boolean rotate;
    private final boolean tcp;
    private final boolean edns;
    private final boolean ipv6;
    private final Map<String, List<InetAddress>> hosts;

    private ResolverOptions(List<InetSocketAddress> servers, List<String> search, int ndots, Duration timeout,
            int attempts, boolean rotate, boolean tcp, boolean edns, boolean ipv6,
            Map<String, List<InetAddress>> hosts) {
        servers = List.copyOf(servers);
        search = search.stream().map(HostNames::plainName).toList();
        Checks.inRange("servers", servers.size(), 1, MAX_SERVERS);
        Checks.inRange("search", search.size(), 0, MAX_SEARCH);
        Checks.inRange("ndots", ndots, 0, MAX_NDOTS);
        Checks.positive("timeout", timeout);
        Checks.atMost("timeout", timeout, MAX_TIMEOUT);
        Checks.inRange("attempts", attempts, 1, MAX_ATTEMPTS);
        for (InetSocketAddress server : servers) {
            if (server.isUnresolved()) {
                throw new IllegalArgumentException("a name server needs an address: " + server);
            }
        }
        hosts = Collections.unmodifiableMap(cleaned(hosts));
        this.servers = servers;
        this.search = search;
        this.ndots = ndots;
        this.timeout = timeout;
        this.attempts = attempts;
        this.rotate = rotate;
        this.tcp = tcp;
        this.edns = edns;
        this.ipv6 = ipv6;
        this.hosts = hosts;
    }

    /**
     * The name servers in the order in which they are asked, 1 to {@link #MAX_SERVERS}; all are asked about the same
     * names.
     */
    public List<InetSocketAddress> servers() {
        return servers;
    }

    /** The domains that a short name is looked up in, in order, at most {@link #MAX_SEARCH}. */
    public List<String> search() {
        return search;
    }

    /** A name with at least so many dots is looked up as it is before the domains, else after them; 0 to 15. */
    public int ndots() {
        return ndots;
    }

    /** How long one server has for one answer, at most {@link #MAX_TIMEOUT}. */
    public Duration timeout() {
        return timeout;
    }

    /** How often each server is asked before a look-up fails, 1 to {@link #MAX_ATTEMPTS}. */
    public int attempts() {
        return attempts;
    }

    /** Whether each look-up begins with another server. */
    public boolean rotate() {
        return rotate;
    }

    /** Whether to ask over TCP only. */
    public boolean tcp() {
        return tcp;
    }

    /**
     * Whether servers are told that a datagram may have more than 512 bytes (RFC 6891); some old ones are silent then.
     */
    public boolean edns() {
        return edns;
    }

    /** Whether IPv6 addresses are asked for. */
    public boolean ipv6() {
        return ipv6;
    }

    /**
     * Names that no server is asked about, with their addresses in the order in which they are given out; one without
     * addresses is no name to this resolver.
     */
    public Map<String, List<InetAddress>> hosts() {
        return hosts;
    }

    private static Map<String, List<InetAddress>> cleaned(Map<String, List<InetAddress>> hosts) {
        var names = new TreeMap<String, List<InetAddress>>();
        hosts.forEach((name, addresses) -> {
            if (names.putIfAbsent(HostNames.plainName(name), List.copyOf(addresses)) != null) {
                throw new IllegalArgumentException("a host twice: " + name);
            }
        });
        return names;
    }

    /** One server, no domains and no names of its own, and for the rest what {@code resolv.conf} has by default. */
    public static ResolverOptions of(InetSocketAddress server) {
        return new ResolverOptions(List.of(server), List.of(), 1, Duration.ofSeconds(5), 2, false, false, true,
                true, Map.of());
    }

    /** One server at its usual port, as {@link #of(InetSocketAddress)}. */
    public static ResolverOptions of(InetAddress server) {
        return of(new InetSocketAddress(server, PORT));
    }

    /** These options with other servers. */
    public ResolverOptions withServers(List<InetSocketAddress> servers) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    /** These options with other domains to search, and the dots that a name needs to be looked up as it is first. */
    public ResolverOptions withSearch(List<String> search, int ndots) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    /** These options with other patience: the time for one answer of one server, and how often each is asked. */
    public ResolverOptions withTimeout(Duration timeout, int attempts) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    /** These options, beginning with the first server each time or not. */
    public ResolverOptions withRotate(boolean rotate) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    /** These options with TCP only, or with UDP first. */
    public ResolverOptions withTcp(boolean tcp) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    /** These options with EDNS or without. */
    public ResolverOptions withEdns(boolean edns) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    /** These options with or without IPv6 addresses. */
    public ResolverOptions withIpv6(boolean ipv6) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    /** These options with other names that no server is asked about. */
    public ResolverOptions withHosts(Map<String, List<InetAddress>> hosts) {
        return new ResolverOptions(servers, search, ndots, timeout, attempts, rotate, tcp, edns, ipv6, hosts);
    }

    @Override
    public String toString() {
        return "ResolverOptions[servers=" + servers + ", search=" + search + ", ndots=" + ndots + ", timeout=" + timeout
                + ", attempts=" + attempts + ", rotate=" + rotate + ", tcp=" + tcp + ", edns=" + edns + ", ipv6=" + ipv6
                + ", hosts=" + hosts + "]";
    }
}
