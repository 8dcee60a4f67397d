package dev.heddle.quic.internal;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** Addresses as the system has them in memory: {@code struct sockaddr_in} (ip(7)) and {@code sockaddr_in6} (ipv6(7)). */
final class NativeAddresses {

    /** {@code sizeof(struct sockaddr_storage)}. */
    static final int MOST_BYTES = 128;

    private static final int FAMILY_4 = 2;
    private static final int BYTES_4 = 16;
    private static final int BYTES_6 = 28;

    private static final boolean MAC = name().startsWith("mac");
    private static final int FAMILY_6 = MAC ? 30 : name().startsWith("win") ? 23 : 10;

    private NativeAddresses() {}

    private static String name() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT);
    }

    /**
     * Writes an address.
     *
     * @param at where in the target it begins
     * @return how many bytes it has
     */
    static int write(InetSocketAddress address, ByteBuffer target, int at) {
        InetAddress host = address.getAddress();
        boolean four = host instanceof Inet4Address;
        int bytes = four ? BYTES_4 : BYTES_6;
        for (int i = 0; i < bytes; i++) {
            target.put(at + i, (byte) 0);
        }
        int family = four ? FAMILY_4 : FAMILY_6;
        target.order(ByteOrder.nativeOrder());
        if (MAC) {
            target.put(at, (byte) bytes).put(at + 1, (byte) family);
        } else {
            target.putShort(at, (short) family);
        }
        target.put(at + 2, (byte) (address.getPort() >> 8)).put(at + 3, (byte) address.getPort());
        target.put(at + (four ? 4 : 8), host.getAddress());
        if (host instanceof Inet6Address six) {
            target.putInt(at + 24, six.getScopeId());
        }
        return bytes;
    }

    /** The bytes of an address that the library has written. */
    static byte[] bytes(ByteBuffer source, int at) {
        int family = MAC ? source.get(at + 1) : source.order(ByteOrder.nativeOrder()).getShort(at);
        byte[] bytes = new byte[family == FAMILY_4 ? BYTES_4 : BYTES_6];
        source.get(at, bytes);
        return bytes;
    }

    /** Whether these are the bytes at a place. */
    static boolean isAt(ByteBuffer source, int at, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (source.get(at + i) != bytes[i]) {
                return false;
            }
        }
        return bytes.length > 0;
    }

    /** Reads an address that {@link #write} or the library has written. */
    static InetSocketAddress read(ByteBuffer source, int at) {
        int family = MAC ? source.get(at + 1) : source.order(ByteOrder.nativeOrder()).getShort(at);
        int port = Byte.toUnsignedInt(source.get(at + 2)) << 8 | Byte.toUnsignedInt(source.get(at + 3));
        byte[] host = new byte[family == FAMILY_4 ? 4 : 16];
        source.get(at + (family == FAMILY_4 ? 4 : 8), host);
        try {
            InetAddress address = family == FAMILY_4
                    ? InetAddress.getByAddress(host)
                    : Inet6Address.getByAddress(null, host, source.getInt(at + 24));
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes or sixteen are an address", e);
        }
    }
}
