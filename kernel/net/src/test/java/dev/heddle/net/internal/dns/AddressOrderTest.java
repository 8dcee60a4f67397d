package dev.heddle.net.internal.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Addresses come in the order of RFC 6724; the examples are those of its section 10.2 that need no deprecation. */
final class AddressOrderTest {

    /** Orders targets, each given as {@code target<source} or with nothing behind it where there is no way. */
    private static List<String> order(String... ways) {
        Map<InetAddress, InetAddress> sources = new HashMap<>();
        List<InetAddress> targets = new ArrayList<>();
        for (String way : ways) {
            String[] ends = way.split("<", -1);
            targets.add(InetAddress.ofLiteral(ends[0]));
            if (ends.length > 1) {
                sources.put(targets.getLast(), InetAddress.ofLiteral(ends[1]));
            }
        }
        return AddressOrder.of(targets, sources::get).stream().map(InetAddress::getHostAddress).toList();
    }

    private static void inOrder(String first, String second, String... ways) {
        assertEquals(List.of(ip(first), ip(second)), order(ways));
        assertEquals(List.of(ip(first), ip(second)), order(ways[1], ways[0]));
    }

    private static String ip(String text) {
        return InetAddress.ofLiteral(text).getHostAddress();
    }

    @Test
    void wayThatIsThereComesBeforeOneThatIsNot() {
        inOrder("192.0.2.1", "2001:db8::1", "2001:db8::1", "192.0.2.1<192.0.2.9");
    }

    @Test
    void scopeThatFitsComesFirst() {
        inOrder("2001:db8:1::1", "198.51.100.121", "2001:db8:1::1<2001:db8:1::2", "198.51.100.121<169.254.13.78");
        inOrder("198.51.100.121", "2001:db8:1::1", "2001:db8:1::1<fe80::1", "198.51.100.121<198.51.100.117");
    }

    @Test
    void labelThatFitsComesFirst() {
        inOrder("2002:c633:6401::1", "2001:db8:1::1", "2002:c633:6401::1<2002:c633:6401::2",
                "2001:db8:1::1<2002:c633:6401::2");
    }

    @Test
    void ipv6ComesBeforeIpv4AndPrivateNetworksBehind() {
        inOrder("2001:db8:1::1", "10.1.2.3", "2001:db8:1::1<2001:db8:1::2", "10.1.2.3<10.1.2.4");
        inOrder("10.1.2.3", "fd00::1", "10.1.2.3<10.1.2.4", "fd00::1<fd00::2");
    }

    @Test
    void smallerScopeComesFirst() {
        inOrder("fe80::1", "2001:db8:1::1", "2001:db8:1::1<2001:db8:1::2", "fe80::1<fe80::2");
    }

    @Test
    void longestCommonPrefixComesFirstInIpv6Only() {
        inOrder("2001:db8:1::1", "2001:db8:3ffe::1", "2001:db8:3ffe::1<2001:db8:1::2", "2001:db8:1::1<2001:db8:1::2");
        assertEquals(List.of("198.51.100.1", "192.0.2.1"),
                order("198.51.100.1<192.0.2.9", "192.0.2.1<192.0.2.9"), "servers spread load by their order");
    }

    @Test
    void onlyTheFirstAreOrderedAndNoneIsLost() {
        List<String> ways = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ways.add("192.0.2." + (i + 1));
        }
        ways.add("2001:db8::1<2001:db8::2");
        List<String> ordered = order(ways.toArray(new String[0]));
        assertEquals(21, ordered.size());
        assertEquals(ip("2001:db8::1"), ordered.getLast());
    }
}
