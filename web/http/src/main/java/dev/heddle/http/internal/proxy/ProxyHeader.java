package dev.heddle.http.internal.proxy;

import dev.heddle.BrokenException;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.http.internal.syntax.WholeNumber;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header that a proxy puts in front of a connection: versions 1 and 2 of HAProxy's "The PROXY protocol".
 *
 * @param source whom the proxy speaks for, with the port; null if it speaks for itself or does not know
 * @param destination which address was asked, likewise
 * @param length how many bytes the header has
 */
public record ProxyHeader(@Nullable String source, @Nullable String destination, int length) {

    /**
     * The longest header that is taken; version 2 may have much more behind the addresses, for which there is no use
     * here.
     */
    static final int MAX_BYTES = 2_048;

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final byte[] TEXT_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    /** Version 1: the whole line with its end, section 2.1. */
    private static final int MAX_LINE = 107;

    /** Version 2: signature, version, family and length. */
    private static final int FIXED = 16;

    private static final int VERSION_2 = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int TCP_4 = 0x11;
    private static final int TCP_6 = 0x21;
    private static final int UNIX = 0x31;
    private static final int UNSPECIFIED = 0x00;

    /**
     * Reads a header.
     *
     * @param bytes all that has come so far; nothing is taken
     * @return null if more must come
     * @throws BrokenException if it is no header, malformed or too long
     */
    public static @Nullable ProxyHeader parse(ByteBuffer bytes) {
        if (startsLike(bytes, SIGNATURE)) {
            return bytes.remaining() < FIXED ? null : binary(bytes);
        }
        if (startsLike(bytes, TEXT_START)) {
            return text(bytes);
        }
        throw malformed("it does not begin like one");
    }

    /** Whether the bytes agree with a start as far as both go. */
    private static boolean startsLike(ByteBuffer bytes, byte[] start) {
        int count = Math.min(start.length, bytes.remaining());
        return bytes.slice(bytes.position(), count).equals(ByteBuffer.wrap(start, 0, count));
    }

    private static @Nullable ProxyHeader text(ByteBuffer bytes) {
        int most = Math.min(MAX_LINE, bytes.remaining());
        for (int i = 1; i < most; i++) {
            int at = bytes.position() + i;
            if (bytes.get(at) == '\n') {
                if (bytes.get(at - 1) != '\r') {
                    throw malformed("its line ends with a bare line feed");
                }
                byte[] line = new byte[i - 1];
                bytes.get(bytes.position(), line);
                return line(new String(line, StandardCharsets.ISO_8859_1), i + 1);
            }
        }
        if (most == MAX_LINE) {
            throw malformed("its line is too long");
        }
        return null;
    }

    private static ProxyHeader line(String line, int length) {
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new ProxyHeader(null, null, length);
        }
        int addressBytes = switch (words[1]) {
            case "TCP4" -> 4;
            case "TCP6" -> 16;
            default -> throw malformed("it is for another protocol");
        };
        if (words.length != 6) {
            throw malformed("it has " + words.length + " words, not 6");
        }
        return new ProxyHeader(address(words[2], addressBytes, words[4]), address(words[3], addressBytes, words[5]),
                length);
    }

    private static String address(String ip, int bytes, String port) {
        byte[] parsed = IpAddresses.parse(ip);
        Long number = WholeNumber.parse(port);
        boolean family = bytes == (ip.indexOf(':') < 0 ? 4 : 16);
        if (parsed == null || !family || number == null || number < 0 || number > 65_535
                || (port.length() > 1 && port.startsWith("0"))) {
            throw malformed("an address in it is none");
        }
        return ip.indexOf(':') < 0 ? ip + ":" + port : "[" + ip + "]:" + port;
    }

    private static @Nullable ProxyHeader binary(ByteBuffer bytes) {
        int at = bytes.position() + SIGNATURE.length;
        int version = bytes.get(at) >> 4 & 0xf;
        int command = bytes.get(at) & 0xf;
        int family = bytes.get(at + 1) & 0xff;
        int payload = bytes.getShort(at + 2) & 0xffff;
        if (version != VERSION_2 || (command != LOCAL && command != PROXY)) {
            throw malformed("its version or command is unknown");
        }
        if (FIXED + payload > MAX_BYTES) {
            throw malformed("it is longer than " + MAX_BYTES + " bytes");
        }
        if (bytes.remaining() < FIXED + payload) {
            return null;
        }
        int length = FIXED + payload;
        if (command == LOCAL) {
            return new ProxyHeader(null, null, length);
        }
        return switch (family) {
            case TCP_4 -> binary(bytes, 4, payload, length);
            case TCP_6 -> binary(bytes, 16, payload, length);
            case UNIX, UNSPECIFIED -> new ProxyHeader(null, null, length);
            default -> throw malformed("it is for another protocol");
        };
    }

    private static ProxyHeader binary(ByteBuffer bytes, int size, int payload, int length) {
        if (payload < 2 * size + 4) {
            throw malformed("it is too short for its addresses");
        }
        int at = bytes.position() + FIXED;
        int ports = at + 2 * size;
        return new ProxyHeader(
                address(bytes, at, size, bytes.getShort(ports)),
                address(bytes, at + size, size, bytes.getShort(ports + 2)), length);
    }

    private static String address(ByteBuffer bytes, int at, int size, short port) {
        byte[] raw = new byte[size];
        bytes.get(at, raw);
        try {
            String ip = InetAddress.getByAddress(raw).getHostAddress();
            return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + (port & 0xffff);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("neither 4 nor 16 bytes: " + Arrays.toString(raw), e);
        }
    }

    private static BrokenException malformed(String why) {
        return new BrokenException("a malformed PROXY header: " + why);
    }
}
