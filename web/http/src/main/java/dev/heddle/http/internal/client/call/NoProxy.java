package dev.heddle.http.internal.client.call;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.http.internal.syntax.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The hosts that are reached without a proxy, as {@code no_proxy} lists them; and this machine itself. */
public record NoProxy(List<Rule> rules) {

    public static final NoProxy LOOPBACK = new NoProxy(List.of());

    /** The addresses that never leave this machine. */
    private static final Network HERE = Network.parse("127.0.0.0/8");

    private static final Network HERE_IPV6 = Network.parse("::1");

    /**
     * One exception: a name or a range of addresses.
     *
     * @param name a name in lower case without a leading dot; empty for an address
     * @param network the range; null for a name
     * @param port 0 for all
     */
    record Rule(String name, @Nullable Network network, int port) {

        boolean matches(String asked, int at, byte @Nullable [] host) {
            if (port != 0 && port != at) {
                return false;
            }
            if (network != null) {
                return host != null && network.contains(host);
            }
            return name.equals("*") || asked.equals(name) || (host == null && asked.endsWith("." + name));
        }
    }

    /** Reads a list; entries that are neither name nor address match nothing. */
    public static NoProxy parse(String list) {
        var rules = new ArrayList<Rule>();
        for (String each : list.split("[,\\s]+", -1)) {
            String entry = each.toLowerCase(Locale.ROOT);
            if (!entry.isEmpty()) {
                rules.add(rule(entry));
            }
        }
        return new NoProxy(List.copyOf(rules));
    }

    private static Rule rule(String entry) {
        int port = 0;
        String host = entry;
        int colon = entry.lastIndexOf(':');
        boolean isPort = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
        if (isPort && entry.substring(colon + 1).matches("[0-9]{1,5}")) {
            port = Integer.parseInt(entry.substring(colon + 1));
            host = entry.substring(0, colon);
        }
        host = host.replaceFirst("^\\[(.*)](?=/|$)", "$1");
        int slash = host.indexOf('/');
        // A zone says which network of this machine is meant: no URL has one.
        byte[] address = IpAddresses.parse((slash < 0 ? host : host.substring(0, slash)).replaceFirst("%.*", ""));
        if (address != null) {
            int all = address.length * 8;
            String bits = slash < 0 ? "" + all : host.substring(slash + 1);
            if (bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= all) {
                return new Rule("", Network.of(address, Integer.parseInt(bits)), port);
            }
        }
        String name = host.startsWith("*.") ? host.substring(2) : host.startsWith(".") ? host.substring(1) : host;
        return new Rule(withoutDot(name), null, port);
    }

    public boolean matches(Origin origin) {
        // A dot at the end makes it no other host, but one that is not completed with the domains of this machine.
        String name = withoutDot(origin.host());
        byte[] host = IpAddresses.parse(name);
        if (isHere(name, host)) {
            return true;
        }
        for (Rule rule : rules) {
            if (rule.matches(name, origin.port(), host)) {
                return true;
            }
        }
        return false;
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Names and addresses that never leave this machine (RFC 6761, section 6.3). */
    private static boolean isHere(String name, byte @Nullable [] host) {
        if (host == null) {
            return name.equals("localhost") || name.endsWith(".localhost");
        }
        return HERE.contains(host) || HERE_IPV6.contains(host);
    }
}
