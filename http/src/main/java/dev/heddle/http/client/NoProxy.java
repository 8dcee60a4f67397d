package dev.heddle.http.client;

import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.syntax.IpText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The hosts that are reached without a proxy, as {@code no_proxy} lists them; and this machine itself. */
final class NoProxy {

    static final NoProxy LOOPBACK = new NoProxy(List.of());

    /** One exception: a name or a range of addresses. */
    private static final class Rule {

        private final String name;
        private final byte @Nullable [] address;
        private final int bits;
        private final int port;

        /**
         * @param name a name in lower case without a leading dot; empty for an address
         * @param address the bytes of a range; null for a name
         * @param bits how many of them count
         * @param port 0 for all
         */
        Rule(String name, byte @Nullable [] address, int bits, int port) {
            this.name = name;
            this.address = address;
            this.bits = bits;
            this.port = port;
        }

        boolean matches(Origin origin, byte @Nullable [] host) {
            if (port != 0 && port != origin.port()) {
                return false;
            }
            if (address != null) {
                return host != null && isWithin(host, address, bits);
            }
            return name.equals("*") || origin.host().equals(name)
                    || (host == null && origin.host().endsWith("." + name));
        }
    }

    private final List<Rule> rules;

    private NoProxy(List<Rule> rules) {
        this.rules = rules;
    }

    /** Reads a list; entries that are neither name nor address match nothing. */
    static NoProxy parse(String list) {
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
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int slash = host.indexOf('/');
        byte[] address = IpText.parse(slash < 0 ? host : host.substring(0, slash));
        if (address != null) {
            int all = address.length * 8;
            String bits = slash < 0 ? "" + all : host.substring(slash + 1);
            if (bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= all) {
                return new Rule("", address, Integer.parseInt(bits), port);
            }
        }
        String name = host.startsWith("*.") ? host.substring(2) : host.startsWith(".") ? host.substring(1) : host;
        return new Rule(name, null, 0, port);
    }

    boolean matches(Origin origin) {
        byte[] host = IpText.parse(origin.host());
        if (isHere(origin.host(), host)) {
            return true;
        }
        for (Rule rule : rules) {
            if (rule.matches(origin, host)) {
                return true;
            }
        }
        return false;
    }

    /** Names and addresses that never leave this machine (RFC 6761, section 6.3). */
    private static boolean isHere(String name, byte @Nullable [] host) {
        if (host == null) {
            return name.equals("localhost") || name.endsWith(".localhost");
        }
        return host.length == 4
                ? host[0] == 127
                : isWithin(host, new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128);
    }

    private static boolean isWithin(byte[] host, byte[] range, int bits) {
        if (host.length != range.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((host[i / 8] & mask) != (range[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
