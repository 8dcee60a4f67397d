package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.Network;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rules for the addresses that a client may connect to, against server-side request forgery: a program that
 * fetches URLs of strangers must not be led to what only it can reach, such as its own machine, the networks behind
 * it, or the service of a cloud that hands out credentials.
 *
 * <pre>{@code
 * try (var http = HttpClient.builder().addresses(AddressRules.PUBLIC).build()) {
 *     http.get(urlOfAStranger);     // AddressRefusedException: must not connect to localtest.me (127.0.0.1)
 * }
 * }</pre>
 *
 * <p>The client resolves the name, drops the addresses that are refused, and connects to one of the rest: there is no
 * second look-up that could say otherwise. It does so for each connection, so after each redirect too. Through a
 * {@link Proxy} it asks for a tunnel to the address that was checked, also for http URLs; the proxy itself may be
 * anywhere. A request that is refused fails with {@link dev.heddle.net.AddressRefusedException}, is not tried again, and
 * has sent nothing.
 *
 * <p>What they do not do: bound what a public server answers, see {@link ClientLimits}; tell a port from another; know
 * which public addresses are the machine's own or its network's, nor a prefix of NAT64 that only this network uses:
 * give those to {@link #withRefused}.
 *
 * <p>Threads: immutable, for any.
 *
 * <p>To test code that fetches URLs of strangers, give it {@code PUBLIC.withAllowed("127.0.0.1")} and a server there.
 */
public final class AddressRules {

    /**
     * What is set aside for other uses than the public Internet (RFC 6890, and IANA's registries of special-purpose
     * addresses as of 2026-11), and one address by which a cloud offers its machines a service of theirs.
     */
    private static final List<Network> SPECIAL = networks(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /** All of IPv6 that is given out (RFC 4291, section 2.4); what is not refused among it is public. */
    private static final Network GLOBAL = Network.parse("2000::/3");

    /** An address of IPv4 stands in the last bytes (RFC 6052): it is the one that is reached. */
    private static final Network TRANSLATED = Network.parse("64:ff9b::/96");

    private static final int FOUR_BYTES = 4;

    /** The public Internet only. */
    public static final AddressRules PUBLIC = new AddressRules(List.of(), List.of());

    private final List<Network> allowed;
    private final List<Network> refused;

    private AddressRules(List<Network> allowed, List<Network> refused) {
        this.allowed = allowed;
        this.refused = refused;
    }

    /**
     * These rules with more that is allowed, though it is not public.
     *
     * @param ranges addresses, or ranges of them: {@code 10.1.2.3}, {@code 10.1.0.0/16}, {@code fd00::/8}
     * @throws IllegalArgumentException if one is malformed
     */
    public AddressRules withAllowed(String... ranges) {
        return new AddressRules(joined(allowed, ranges), refused);
    }

    /**
     * These rules with more that is refused, whatever else is said of it.
     *
     * @param ranges as for {@link #withAllowed}
     * @throws IllegalArgumentException if one is malformed
     */
    public AddressRules withRefused(String... ranges) {
        return new AddressRules(allowed, joined(refused, ranges));
    }

    /** Whether the address may be connected to. */
    public boolean allows(InetAddress address) {
        return allows(address.getAddress());
    }

    private boolean allows(byte[] address) {
        byte[] reached = TRANSLATED.contains(address)
                ? Arrays.copyOfRange(address, address.length - FOUR_BYTES, address.length)
                : address;
        if (contains(refused, address) || contains(refused, reached)) {
            return false;
        }
        if (contains(allowed, address)) {
            return true;
        }
        if (reached != address) {
            return allows(reached);
        }
        return !contains(SPECIAL, address) && (address.length == FOUR_BYTES || GLOBAL.contains(address));
    }

    private static boolean contains(List<Network> networks, byte[] address) {
        for (Network each : networks) {
            if (each.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<Network> joined(List<Network> some, String... ranges) {
        return Stream.concat(some.stream(), networks(ranges).stream()).toList();
    }

    private static List<Network> networks(String... ranges) {
        return Arrays.stream(ranges).map(Network::parse).toList();
    }
}
