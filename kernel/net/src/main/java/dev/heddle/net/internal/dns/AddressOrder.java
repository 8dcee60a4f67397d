package dev.heddle.net.internal.dns;

import dev.heddle.engine.Datagrams;
import dev.heddle.engine.Engine;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which addresses are best tried (RFC 6724 section 6), by what address of this machine the way to each
 * would begin with. The system is asked for that by a datagram socket that sends nothing.
 *
 * <p>Left out are rules 3, 4 and 7, about addresses that are deprecated, mobile or tunnelled, which nobody but the
 * system knows; rule 9 counts for IPv6 only, since it would undo what servers do to spread load.
 */
public final class AddressOrder {

    /** The addresses that are put in order; the rest stays behind them as it came. */
    public static final int MAX_ORDERED = 16;

    private static final int IPV6_BYTES = 16;

    /** RFC 6724 section 2.1, longest prefixes first. */
    private static final List<Policy> POLICIES = List.of(
            new Policy("::1", 128, 50, 0),
            new Policy("::ffff:0.0.0.0", 96, 35, 4),
            new Policy("::", 96, 1, 3),
            new Policy("2001::", 32, 5, 5),
            new Policy("2002::", 16, 30, 2),
            new Policy("3ffe::", 16, 1, 12),
            new Policy("fec0::", 10, 1, 11),
            new Policy("fc00::", 7, 3, 13),
            new Policy("::", 0, 40, 1));

    private AddressOrder() {}

    /** The best first; those of one family that have no rule between them stay as they came. */
    public static List<InetAddress> of(List<InetAddress> addresses, Engine engine) {
        if (addresses.size() < 2 || addresses.stream().allMatch(Inet4Address.class::isInstance)) {
            return List.copyOf(addresses);
        }
        return of(addresses, target -> sourceFor(target, engine));
    }

    /** Where a way begins. */
    interface Sources {
        @Nullable InetAddress sourceFor(InetAddress target);
    }

    /** With other ways, for tests. */
    static List<InetAddress> of(List<InetAddress> addresses, Sources sources) {
        List<Way> ways = new ArrayList<>();
        for (InetAddress each : addresses.subList(0, Math.min(addresses.size(), MAX_ORDERED))) {
            ways.add(new Way(each, sources.sourceFor(each)));
        }
        ways.sort(BEST_FIRST);
        List<InetAddress> ordered = new ArrayList<>(ways.stream().map(Way::target).toList());
        ordered.addAll(addresses.subList(ways.size(), addresses.size()));
        return List.copyOf(ordered);
    }

    private static @Nullable InetAddress sourceFor(InetAddress target, Engine engine) {
        try (Datagrams socket = Exchange.connected(engine, new InetSocketAddress(target, 53))) {
            InetAddress source = socket.localAddress().getAddress();
            return source.isAnyLocalAddress() ? null : source;
        } catch (IOException e) {
            return null;
        }
    }

    /** A target, and the address of this machine that the way to it begins with; null if there is no way. */
    private record Way(InetAddress target, @Nullable InetAddress source) {

        boolean isUsable() {
            return source != null;
        }

        boolean staysInScope() {
            return source != null && scope(target) == scope(source);
        }

        boolean staysInLabel() {
            return source != null && policy(target).label() == policy(source).label();
        }
    }

    private static final Comparator<Way> BEST_FIRST = Comparator.comparing((Way way) -> !way.isUsable()) // rule 1
            .thenComparing(way -> !way.staysInScope()) // rule 2
            .thenComparing(way -> !way.staysInLabel()) // rule 5
            .thenComparingInt(way -> -policy(way.target()).precedence()) // rule 6
            .thenComparingInt(way -> scope(way.target())) // rule 8
            .thenComparing(AddressOrder::byCommonPrefix); // rule 9

    private static int byCommonPrefix(Way one, Way other) {
        if (one.source() == null || other.source() == null || one.target() instanceof Inet4Address
                || other.target() instanceof Inet4Address) {
            return 0;
        }
        return Integer.compare(commonBits(other.target(), other.source()), commonBits(one.target(), one.source()));
    }

    /** The bits that are equal, of the network's half (RFC 6724 section 2.2). */
    private static int commonBits(InetAddress one, InetAddress other) {
        byte[] left = mapped(one);
        byte[] right = mapped(other);
        int bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            int different = (left[i] ^ right[i]) & 0xFF;
            if (different != 0) {
                return bits + Integer.numberOfLeadingZeros(different) - (Integer.SIZE - Byte.SIZE);
            }
            bits += Byte.SIZE;
        }
        return bits;
    }

    /** How far an address reaches: the numbers of multicast (RFC 6724 section 3.1). */
    private static int scope(InetAddress address) {
        if (address.isMulticastAddress() && !(address instanceof Inet4Address)) {
            return address.getAddress()[1] & 0xF;
        }
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return 2;
        }
        boolean site = address.isSiteLocalAddress() && !(address instanceof Inet4Address);
        return site ? 5 : 14;
    }

    private static Policy policy(InetAddress address) {
        byte[] bytes = mapped(address);
        for (Policy each : POLICIES) {
            if (each.covers(bytes)) {
                return each;
            }
        }
        throw new IllegalStateException("the last policy covers all");
    }

    /** An IPv4 address in its form within IPv6 (RFC 4291 section 2.5.5.2). */
    private static byte[] mapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == IPV6_BYTES) {
            return bytes;
        }
        var mapped = new byte[IPV6_BYTES];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        System.arraycopy(bytes, 0, mapped, IPV6_BYTES - bytes.length, bytes.length);
        return mapped;
    }

    /** A line of the policy table. */
    private static final class Policy {

        private final byte[] prefix;
        private final int bits;
        private final int precedence;
        private final int label;

        Policy(String prefix, int bits, int precedence, int label) {
            // The JDK makes an IPv4 address of a mapped one.
            this.prefix = mapped(InetAddress.ofLiteral(prefix));
            this.bits = bits;
            this.precedence = precedence;
            this.label = label;
        }

        int precedence() {
            return precedence;
        }

        int label() {
            return label;
        }

        boolean covers(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int at = bit / Byte.SIZE;
                int mask = 0x80 >> (bit % Byte.SIZE);
                if ((address[at] & mask) != (prefix[at] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
