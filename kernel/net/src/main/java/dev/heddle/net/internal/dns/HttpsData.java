package dev.heddle.net.internal.dns;

import dev.heddle.io.MalformedMessageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The data of an HTTPS record (RFC 9460 section 2.2), as far as they say where HTTP/3 is spoken.
 *
 * <p>The hints for addresses are checked and not kept: the addresses themselves are asked for at the same time. Keys that
 * are not known here are passed over, if the record does not say that they must be known.
 */
final class HttpsData {

    private static final int MANDATORY = 0;
    private static final int ALPN = 1;
    private static final int NO_DEFAULT_ALPN = 2;
    private static final int PORT = 3;
    private static final int IPV4_HINT = 4;
    private static final int IPV6_HINT = 6;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private static final Set<Integer> KNOWN = Set.of(ALPN, NO_DEFAULT_ALPN, PORT, IPV4_HINT, IPV6_HINT);

    private final Set<Integer> keys = new HashSet<>();
    private final Set<Integer> mandatory = new HashSet<>();
    private boolean http3;
    private int port;

    private HttpsData() {}

    /**
     * Reads a record.
     *
     * @param data all of it, and nothing else
     * @return one of {@link DnsRecord.Https}, or {@link DnsRecord.Malformed}
     */
    static DnsRecord read(String owner, long ttl, ByteBuffer data) {
        try {
            int priority = unsigned(data);
            ByteBuffer rest = data.slice(); // of its own, as a pointer to a name is against the rules here
            String said = DomainName.read(rest);
            if (priority == 0) {
                return new DnsRecord.Https(owner, ttl, 0, said, 0, false); // section 2.4.2: its parameters do not count
            }
            var read = new HttpsData();
            read.readParameters(rest);
            return new DnsRecord.Https(owner, ttl, priority, said.isEmpty() ? owner : said, read.port,
                    read.http3 && KNOWN.containsAll(read.mandatory));
        } catch (BufferUnderflowException | MalformedMessageException e) {
            return new DnsRecord.Malformed(owner, ttl);
        }
    }

    private void readParameters(ByteBuffer data) {
        int before = -1;
        while (data.hasRemaining()) {
            int key = unsigned(data);
            int length = unsigned(data);
            check(key > before && length <= data.remaining());
            readValue(key, data.slice(data.position(), length));
            data.position(data.position() + length);
            keys.add(key);
            before = key;
        }
        check(keys.containsAll(mandatory) && (keys.contains(ALPN) || !keys.contains(NO_DEFAULT_ALPN)));
    }

    private void readValue(int key, ByteBuffer value) {
        int length = value.remaining();
        switch (key) {
            case MANDATORY -> readMandatory(value);
            case ALPN -> readProtocols(value);
            case NO_DEFAULT_ALPN -> check(length == 0);
            case PORT -> {
                port = unsigned(value);
                check(port > 0 && !value.hasRemaining());
            }
            case IPV4_HINT -> check(length > 0 && length % IPV4_BYTES == 0);
            case IPV6_HINT -> check(length > 0 && length % IPV6_BYTES == 0);
            default -> {
                // Of no use here.
            }
        }
    }

    /** Section 8: in order, each once, and not this key itself. */
    private void readMandatory(ByteBuffer value) {
        int before = MANDATORY;
        do {
            int key = unsigned(value);
            check(key > before);
            mandatory.add(key);
            before = key;
        } while (value.hasRemaining());
    }

    private void readProtocols(ByteBuffer value) {
        do {
            var name = new byte[Byte.toUnsignedInt(value.get())];
            check(name.length > 0);
            value.get(name);
            http3 |= new String(name, StandardCharsets.ISO_8859_1).equals("h3");
        } while (value.hasRemaining());
    }

    private static int unsigned(ByteBuffer data) {
        return Short.toUnsignedInt(data.getShort());
    }

    private static void check(boolean good) {
        if (!good) {
            throw new MalformedMessageException("an HTTPS record against the rules");
        }
    }
}
