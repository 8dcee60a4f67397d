package dev.heddle.http.internal.syntax;

/** A range of IP addresses: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. */
public final class Network {

    private final byte[] base;

    /** How many leading bits of the base count. */
    private final int bits;

    private Network(byte[] base, int bits) {
        this.base = base;
        this.bits = bits;
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException if it is none, or has bits beyond its length, which somebody has mistyped
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] base = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
        Long bits = base == null
                ? null
                : slash < 0 ? Long.valueOf(base.length * 8L) : WholeNumber.parse(text.substring(slash + 1));
        if (base == null || bits == null || bits < 0 || bits > base.length * 8L) {
            throw new IllegalArgumentException(
                    "not a range of IP addresses such as 10.0.0.0/8: " + FieldSyntax.printable(text));
        }
        Network network = of(base, bits.intValue());
        for (int i = network.bits; i < base.length * 8; i++) {
            if ((base[i / 8] >> (7 - i % 8) & 1) != 0) {
                throw new IllegalArgumentException(text + " has bits beyond its length of " + bits);
            }
        }
        return network;
    }

    /** The range of all addresses that begin with the leading bits of this one. */
    public static Network of(byte[] address, int bits) {
        return new Network(address, bits);
    }

    public boolean contains(byte[] address) {
        if (address.length != base.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != base[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((address[whole] ^ base[whole]) & 0xff) >> (8 - rest) == 0;
    }
}
