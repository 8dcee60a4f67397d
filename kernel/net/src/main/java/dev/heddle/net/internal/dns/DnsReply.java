package dev.heddle.net.internal.dns;

import dev.heddle.io.MalformedMessageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a name server, as far as it is of use (RFC 1035 section 4, RFC 6891).
 *
 * @param code what it says of the question: {@link #OK} and the others
 * @param truncated whether it did not fit into a datagram; then no records are read
 * @param recursive whether the server asks others for us
 * @param authoritative whether the name is the server's own
 * @param answers the records that answer, at most {@link #MAX_RECORDS}
 * @param zone of an answer that has nothing, how long that is good, if it says so
 * @param delegation whether it names other servers to ask
 */
record DnsReply(
        int code,
        boolean truncated,
        boolean recursive,
        boolean authoritative,
        List<DnsRecord> answers,
        DnsRecord.@Nullable Zone zone,
        boolean delegation) {

    static final int OK = 0;
    static final int FORMAT_ERROR = 1;

    static final int SERVER_FAILURE = 2;
    static final int NO_SUCH_NAME = 3;
    static final int NOT_IMPLEMENTED = 4;
    static final int BAD_VERSION = 16;

    /** The records of a message that are read; what is behind them is not looked at. */
    static final int MAX_RECORDS = 1_024;

    private static final int RESPONSE = 0x8000;
    private static final int OPERATION = 0x7800;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSIVE = 0x0080;
    private static final int CODE = 0x000F;
    private static final int NAME_SERVER = 2;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    /** The longest life of a record; those with the first bit set mean nothing (RFC 2181 section 8). */
    private static final long MAX_TTL = Integer.MAX_VALUE;

    /**
     * Reads a message.
     *
     * @param message from its position to its limit; the position moves
     * @throws MalformedMessageException if it is none, or none that answers this question under this id: nobody who has
     *     not seen the question can make one
     */
    static DnsReply read(ByteBuffer message, int id, Question question) {
        try {
            return readWhole(message.slice(), id, question);
        } catch (BufferUnderflowException e) {
            throw new MalformedMessageException("a message of DNS ends in the middle");
        }
    }

    private static DnsReply readWhole(ByteBuffer message, int id, Question question) {
        int foundId = unsigned(message.getShort());
        int flags = unsigned(message.getShort());
        if (foundId != id || (flags & RESPONSE) == 0 || (flags & OPERATION) != 0) {
            throw new MalformedMessageException("no answer to this question");
        }
        int questions = unsigned(message.getShort());
        int answers = unsigned(message.getShort());
        int authorities = unsigned(message.getShort());
        int more = unsigned(message.getShort());
        int code = flags & CODE;
        if (questions == 0 && code == FORMAT_ERROR) {
            // Servers that do not understand a message cannot repeat its question.
            return new DnsReply(code, false, false, false, List.of(), null, false);
        }
        if (questions != 1 || !DomainName.read(message).equals(question.name())
                || unsigned(message.getShort()) != question.type()
                || unsigned(message.getShort()) != Question.INTERNET) {
            throw new MalformedMessageException("an answer to another question");
        }
        boolean truncated = (flags & TRUNCATED) != 0;
        var reader = new Sections(message, question.type());
        if (!truncated) {
            reader.read(answers, authorities, more);
        }
        return new DnsReply(reader.extendedCode | code, truncated, (flags & RECURSIVE) != 0,
                (flags & AUTHORITATIVE) != 0, List.copyOf(reader.answers), reader.zone, reader.delegation);
    }

    private static int unsigned(short value) {
        return Short.toUnsignedInt(value);
    }

    /** The three sections of records. */
    private static final class Sections {

        private final ByteBuffer message;
        private final int wanted;
        private final List<DnsRecord> answers = new ArrayList<>();
        private DnsRecord.@Nullable Zone zone;
        private boolean delegation;
        private int extendedCode;

        Sections(ByteBuffer message, int wanted) {
            this.message = message;
            this.wanted = wanted;
        }

        void read(int answerCount, int authorityCount, int moreCount) {
            int most = Math.min(MAX_RECORDS, answerCount + authorityCount + moreCount);
            for (int i = 0; i < most; i++) {
                readOne(i < answerCount, i < answerCount + authorityCount);
            }
        }

        private void readOne(boolean answer, boolean answerOrAuthority) {
            String owner = DomainName.read(message);
            int type = unsigned(message.getShort());
            int kind = unsigned(message.getShort());
            int ttl = message.getInt();
            int length = unsigned(message.getShort());
            if (length > message.remaining()) {
                throw new MalformedMessageException("a record of DNS is longer than its message");
            }
            int end = message.position() + length;
            if (type == Question.OPT && !answerOrAuthority) {
                extendedCode = (ttl >>> (Integer.SIZE - Byte.SIZE)) << 4;
            } else if (kind == Question.INTERNET && answer) {
                addAnswer(owner, type, ttl < 0 ? 0 : Math.min(ttl, MAX_TTL), end);
            } else if (kind == Question.INTERNET && answerOrAuthority) {
                readAuthority(owner, type, Math.max(0, ttl));
            }
            if (message.position() > end) {
                throw new MalformedMessageException("a record of DNS is longer than it says");
            }
            message.position(end);
        }

        private void addAnswer(String owner, int type, long ttl, int end) {
            if (type == Question.CNAME) {
                answers.add(new DnsRecord.Alias(owner, ttl, DomainName.read(message)));
            } else if (type == wanted) {
                answers.add(switch (type) {
                    case Question.A -> new DnsRecord.Address(owner, ttl, address(end, IPV4_BYTES));
                    case Question.AAAA -> new DnsRecord.Address(owner, ttl, address(end, IPV6_BYTES));
                    case Question.TXT -> new DnsRecord.Text(owner, ttl, text(end));
                    case Question.SRV -> new DnsRecord.Service(owner, ttl, unsigned(message.getShort()),
                            unsigned(message.getShort()), unsigned(message.getShort()), DomainName.read(message));
                    case Question.HTTPS -> HttpsData.read(
                            owner, ttl, message.slice(message.position(), end - message.position()));
                    default -> throw new IllegalArgumentException("nobody asks for type " + type);
                });
            }
        }

        private void readAuthority(String owner, int type, long ttl) {
            if (type == Question.SOA && zone == null) {
                DomainName.read(message); // its first server
                DomainName.read(message); // who cares for it
                message.getInt(); // serial
                message.getInt(); // refresh
                message.getInt(); // retry
                message.getInt(); // expire
                zone = new DnsRecord.Zone(owner, ttl, Math.max(0, message.getInt()));
            } else if (type == NAME_SERVER) {
                delegation = true;
            }
        }

        private InetAddress address(int end, int bytes) {
            if (end - message.position() != bytes) {
                throw new MalformedMessageException("an address in DNS of " + (end - message.position()) + " bytes");
            }
            var address = new byte[bytes];
            message.get(address);
            try {
                return InetAddress.getByAddress(address);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of " + bytes + " bytes", e);
            }
        }

        private String text(int end) {
            var pieces = new byte[end - message.position()];
            int count = 0;
            while (message.position() < end) {
                int length = Byte.toUnsignedInt(message.get());
                if (length > end - message.position()) {
                    throw new MalformedMessageException("a text in DNS is longer than its record");
                }
                message.get(pieces, count, length);
                count += length;
            }
            return new String(pieces, 0, count, StandardCharsets.UTF_8);
        }
    }
}
