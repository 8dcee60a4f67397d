package dev.heddle.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The little of ASN.1's distinguished encoding (X.690) that keys and certificates need. */
final class Der {

    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int NULL = 0x05;
    private static final int OID = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int UTC_TIME = 0x17;

    /** A tag of the context with parts below it. */
    static final int CONTEXT = 0xa0;

    /** From this year on dates have four digits (RFC 5280, section 4.1.2.5). */
    private static final int LONG_YEARS = 2050;

    private static final DateTimeFormatter UTC = formatter("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter GENERALIZED = formatter("yyyyMMddHHmmss'Z'");

    private Der() {}

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /** A tag, the length and the contents one after the other. */
    static byte[] of(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] part : contents) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int skip = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | (digits.length - skip));
            out.write(digits, skip, digits.length - skip);
        }
        for (byte[] part : contents) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... contents) {
        return of(SEQUENCE, contents);
    }

    static byte[] bool(boolean value) {
        return of(BOOLEAN, new byte[]{(byte) (value ? 0xff : 0)});
    }

    static byte[] integer(BigInteger value) {
        return of(INTEGER, value.toByteArray());
    }

    static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] bits(int unused, byte... bytes) {
        return of(BIT_STRING, new byte[]{(byte) unused}, bytes);
    }

    static byte[] octets(byte[] bytes) {
        return of(OCTET_STRING, bytes);
    }

    static byte[] utf8(String text) {
        return of(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] time(Instant time) {
        return time.atZone(ZoneOffset.UTC).getYear() < LONG_YEARS
                ? of(UTC_TIME, UTC.format(time).getBytes(StandardCharsets.US_ASCII))
                : of(GENERALIZED_TIME, GENERALIZED.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    /** An object identifier in its dotted form. */
    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        var out = new ByteArrayOutputStream();
        out.write(40 * Integer.parseInt(arcs[0]) + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift != 0) {
                    out.write(0x80 | (arc >>> shift & 0x7f));
                }
            }
            out.write(arc & 0x7f);
        }
        return of(OID, out.toByteArray());
    }

    /** Wraps a traditional RSA key (RFC 8017, appendix A.1.2) as PKCS#8 (RFC 5208). */
    static byte[] pkcs8OfRsa(byte[] key) {
        return sequence(integer(0), sequence(oid("1.2.840.113549.1.1.1"), of(NULL)), octets(key));
    }

    /** Wraps a traditional EC key (RFC 5915) as PKCS#8; empty if it does not name its curve. */
    static Optional<byte[]> pkcs8OfEc(byte[] key) {
        ByteBuffer parts = content(ByteBuffer.wrap(key));
        while (parts.hasRemaining()) {
            boolean curveFollows = Byte.toUnsignedInt(parts.get(parts.position())) == CONTEXT;
            ByteBuffer part = content(parts);
            if (curveFollows) {
                byte[] curve = new byte[part.remaining()];
                part.get(curve);
                return Optional.of(sequence(integer(0), sequence(oid("1.2.840.10045.2.1"), curve), octets(key)));
            }
        }
        return Optional.empty();
    }

    /** Moves past the next part and gives what is in it. */
    private static ByteBuffer content(ByteBuffer from) {
        try {
            from.get();
            int length = Byte.toUnsignedInt(from.get());
            if (length > 0x80) {
                int digits = length & 0x7f;
                length = 0;
                for (int i = 0; i < digits; i++) {
                    length = length << 8 | Byte.toUnsignedInt(from.get());
                }
            }
            ByteBuffer content = from.slice(from.position(), length);
            from.position(from.position() + length);
            return content;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the private key is damaged: a part is longer than the whole", e);
        }
    }
}
