package dev.heddle.linux.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;

/**
 * The kernel's form of addresses: {@code sockaddr_in} of ip(7), {@code sockaddr_in6} of ipv6(7), {@code sockaddr_un} of
 * unix(7).
 *
 * <pre>
 *   sockaddr_in   family:2  port:2  address:4  zero:8
 *   sockaddr_in6  family:2  port:2  flow:4  address:16  scope:4
 *   sockaddr_un   family:2  path:108
 * </pre>
 */
public final class SocketAddresses {

    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    /** Room for any of them. */
    public static final int MAX_BYTES = 112;

    /** The bytes of a path, without its end. */
    private static final int MAX_PATH_BYTES = 107;

    private static final int PORT = 2;
    private static final int IP4 = 4;
    private static final int IP6 = 8;
    private static final int IP6_SCOPE = 24;
    private static final int PATH = 2;

    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    /**
     * The address family to open a socket with.
     *
     * @throws IOException if the address is not resolved
     */
    public static int family(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            return AF_UNIX;
        }
        return ip(address) instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    /**
     * Writes an address.
     *
     * @param target {@link #MAX_BYTES} of room
     * @return its length in bytes
     * @throws IOException if the address is not resolved, or a path is too long
     */
    public static int write(SocketAddress address, MemorySegment target) throws IOException {
        target.fill((byte) 0);
        if (address instanceof UnixDomainSocketAddress unix) {
            return writePath(unix, target);
        }
        InetAddress ip = ip(address);
        target.set(NETWORK_SHORT, PORT, (short) ((InetSocketAddress) address).getPort());
        byte[] bytes = ip.getAddress();
        if (ip instanceof Inet6Address six) {
            target.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET6);
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, IP6, bytes.length);
            target.set(ValueLayout.JAVA_INT, IP6_SCOPE, six.getScopeId());
            return IP6_SCOPE + Integer.BYTES;
        }
        target.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, IP4, bytes.length);
        return 16;
    }

    private static int writePath(UnixDomainSocketAddress address, MemorySegment target) throws IOException {
        byte[] path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
        if (path.length > MAX_PATH_BYTES) {
            throw new SocketException(
                    "Unix domain path too long: " + path.length + " bytes, at most " + MAX_PATH_BYTES);
        }
        target.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, target, ValueLayout.JAVA_BYTE, PATH, path.length);
        // An unnamed address is the family alone, and bind(2) then makes a name up.
        return path.length == 0 ? PATH : PATH + path.length + 1;
    }

    /** Reads an address of a length that the kernel told. */
    public static SocketAddress read(MemorySegment source, int length) {
        int family = length < Short.BYTES ? AF_UNIX : source.get(ValueLayout.JAVA_SHORT, 0);
        int port = Short.toUnsignedInt(source.get(NETWORK_SHORT, PORT));
        return switch (family) {
            case AF_INET -> new InetSocketAddress(ip(source.asSlice(IP4, 4), 0), port);
            case AF_INET6 -> new InetSocketAddress(
                    ip(source.asSlice(IP6, 16), source.get(ValueLayout.JAVA_INT, IP6_SCOPE)), port);
            default -> unix(path(source, length));
        };
    }

    /**
     * A peer may have any bytes in its path; the JDK knows only those that the locale can express, and the others as
     * unnamed.
     */
    private static SocketAddress unix(String path) {
        try {
            return UnixDomainSocketAddress.of(path);
        } catch (InvalidPathException e) {
            return UnixDomainSocketAddress.of("");
        }
    }

    private static String path(MemorySegment source, int length) {
        int end = PATH;
        while (end < length && source.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        byte[] path = source.asSlice(PATH, Math.max(0, end - PATH)).toArray(ValueLayout.JAVA_BYTE);
        return new String(path, StandardCharsets.UTF_8);
    }

    private static InetAddress ip(MemorySegment bytes, int scope) {
        try {
            byte[] address = bytes.toArray(ValueLayout.JAVA_BYTE);
            // Of the two, only this one turns an IPv4 address in IPv6 clothes back into one.
            return scope == 0
                    ? InetAddress.getByAddress(address)
                    : Inet6Address.getByAddress(null, address, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are an address", e);
        }
    }

    private static InetAddress ip(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress inet)) {
            throw new SocketException("not an address of a kind that is known here: " + address);
        }
        InetAddress ip = inet.getAddress();
        if (ip == null) {
            throw new UnknownHostException("the address has no IP: " + address);
        }
        return ip;
    }
}
