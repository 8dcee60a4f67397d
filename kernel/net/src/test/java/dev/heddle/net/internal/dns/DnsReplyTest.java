package dev.heddle.net.internal.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.io.MalformedMessageException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages of name servers are read byte by byte as the RFCs have them; what is no answer is refused. */
final class DnsReplyTest {

    private static final Question QUESTION = new Question("h.example", Question.A);
    private static final int ID = 4711;

    /** A message that answers the question; the pieces are written as they stand, numbers as bytes. */
    private static ByteBuffer answer(int flags, int answers, int authorities, int more, Object... pieces) {
        ByteBuffer message = ByteBuffer.allocate(2_000);
        message.putShort((short) ID).putShort((short) flags).putShort((short) 1).putShort((short) answers)
                .putShort((short) authorities).putShort((short) more);
        DomainName.write(QUESTION.name(), message);
        message.putShort((short) Question.A).putShort((short) 1);
        for (Object piece : pieces) {
            switch (piece) {
                case String name -> DomainName.write(name, message);
                case Integer number -> message.put(number.byteValue());
                case Character letter -> message.put((byte) letter.charValue());
                case byte[] bytes -> message.put(bytes);
                default -> throw new IllegalArgumentException();
            }
        }
        return message.flip();
    }

    private static byte[] head(int type, int ttl, int length) {
        return ByteBuffer.allocate(10).putShort((short) type).putShort((short) 1).putInt(ttl).putShort((short) length)
                .array();
    }

    private static DnsReply read(ByteBuffer message) {
        return DnsReply.read(message, ID, QUESTION);
    }

    private static void refused(ByteBuffer message) {
        assertThrows(MalformedMessageException.class, () -> read(message));
    }

    @Test
    void addressIsReadThroughPointers() {
        DnsReply reply = read(answer(0x8180, 2, 0, 0, 0xC0, 12, head(5, 60, 4), 1, 'c', 0xC0, 14, 1, 'C', 0xC0, 14,
                head(1, 30, 4), 192, 0, 2, 1));
        assertEquals(List.of(
                new DnsRecord.Alias("h.example", 60, "c.example"),
                new DnsRecord.Address("c.example", 30, InetAddress.ofLiteral("192.0.2.1"))), reply.answers());
        assertTrue(reply.recursive());
    }

    @Test
    void pointersThatLeadOnOrInACircleAreRefused() {
        refused(answer(0x8180, 1, 0, 0, 0xC0, 27, head(1, 30, 4), 1, 2, 3, 4));
        refused(answer(0x8180, 1, 0, 0, 0xC0, 29, 0xC0, 27, head(1, 30, 4), 1, 2, 3, 4));
        refused(answer(0x8180, 1, 0, 0, 0xFF, 0xFF, head(1, 30, 4), 1, 2, 3, 4));
        refused(answer(0x8180, 1, 0, 0, 1, 'a', 0xC0, 27, head(1, 30, 4), 1, 2, 3, 4));
        refused(answer(0x8180, 1, 0, 0, 0x40, head(1, 30, 4), 1, 2, 3, 4));
    }

    @Test
    void nameThatGrowsByPointersEndsAtItsLimit() {
        ByteBuffer message = ByteBuffer.allocate(600).put((byte) 0);
        int names = 0;
        for (int before = 0; names < 40; names++) {
            int begin = message.position();
            message.put((byte) 9).put("abcdefghi".getBytes(StandardCharsets.US_ASCII));
            message.putShort((short) (0xC000 | before));
            before = begin;
        }
        assertEquals(9, DomainName.read(message.duplicate().position(1)).length());
        assertEquals(25 * 10 - 1, DomainName.read(message.duplicate().position(1 + 24 * 12)).length());
        assertThrows(MalformedMessageException.class, () -> DomainName.read(message.duplicate().position(1 + 25 * 12)));

        var longer = ByteBuffer.allocate(600);
        for (int i = 0; i < 5; i++) {
            longer.put((byte) 60).put(new byte[60]);
        }
        assertThrows(MalformedMessageException.class, () -> DomainName.read(longer.put((byte) 0).flip()));
    }

    @Test
    void labelsPretendNothing() {
        ByteBuffer message = ByteBuffer.wrap(new byte[]{4, 'a', '.', 27, 'B', 1, '\\', 0});
        assertEquals("a\\046\\027b.\\092", DomainName.read(message));
    }

    @Test
    void otherNumberQuestionOrDirectionIsNoAnswer() {
        refused(answer(0x0100, 0, 0, 0));
        refused(answer(0x8980, 0, 0, 0));
        assertThrows(MalformedMessageException.class, () -> DnsReply.read(answer(0x8180, 0, 0, 0), ID + 1, QUESTION));
        for (Question other : List.of(new Question("x.example", 1), new Question("h.example", 28))) {
            assertThrows(MalformedMessageException.class, () -> DnsReply.read(answer(0x8180, 0, 0, 0), ID, other));
        }
        refused(answer(0x8180, 0, 0, 0).putShort(4, (short) 0));
        assertEquals(1, read(answer(0x8181, 0, 0, 0).putShort(4, (short) 0).limit(12)).code());
        refused(answer(0x8180, 0, 0, 0).limit(11));
    }

    @Test
    void recordsThatDoNotFitAreRefused() {
        refused(answer(0x8180, 1, 0, 0, "h.example", head(1, 30, 5), 1, 2, 3, 4, 5));
        refused(answer(0x8180, 1, 0, 0, "h.example", head(1, 30, 4), 1, 2, 3));
        refused(answer(0x8180, 2, 0, 0, "h.example", head(1, 30, 4), 1, 2, 3, 4));
        refused(answer(0x8180, 1, 0, 0, "h.example", head(5, 30, 1), 3, 'a', 'b', 'c', 0));
    }

    @Test
    void lifeWithoutSenseIsNone() {
        DnsReply reply = read(answer(0x8180, 1, 0, 0, "h.example", head(1, -1, 4), 1, 2, 3, 4));
        assertEquals(0, reply.answers().getFirst().ttl());
    }

    @Test
    void zoneSaysHowLongNothingIsThere() {
        DnsReply reply = read(answer(0x8583, 0, 1, 1, "example", head(6, 300, 22), 0, 0, new byte[16], 0, 0, 0, 60,
                0, head(41, 0, 0)));
        assertEquals(new DnsRecord.Zone("example", 300, 60), reply.zone());
        assertEquals(DnsReply.NO_SUCH_NAME, reply.code());
        assertTrue(reply.authoritative());
    }

    @Test
    void codeIsExtendedByEdns() {
        assertEquals(DnsReply.BAD_VERSION, read(answer(0x8180, 0, 0, 1, 0, head(41, 0x0100_0000, 0))).code());
    }

    @Test
    void recordsOfACutMessageAreNotRead() {
        DnsReply reply = read(answer(0x8380, 7, 0, 0, 9, 9, 9));
        assertTrue(reply.truncated());
        assertEquals(List.of(), reply.answers());
    }

    @Test
    void randomBytesAndRandomChangesAreReadOrRefusedAndNothingElse() {
        var random = new Random(53);
        byte[] good = new byte[111];
        answer(0x8180, 2, 1, 1, 0xC0, 12, head(5, 60, 4), 1, 'c', 0xC0, 14, 0xC0, 39, head(1, 30, 4), 192, 0, 2, 1,
                "example", head(6, 300, 22), 0, 0, new byte[20], 0, head(41, 0, 0)).get(0, good);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                if (bytes.length > 2) {
                    ByteBuffer.wrap(bytes).putShort((short) ID);
                }
            } else {
                bytes = good.clone();
                for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
                    bytes[random.nextInt(4, good.length)] = (byte) (random.nextBoolean() ? 0xC0 : random.nextInt(256));
                }
            }
            try {
                read(ByteBuffer.wrap(bytes));
                read++;
            } catch (MalformedMessageException e) {
                // The other way out.
            }
        }
        assertTrue(read > 1_000, "some changes do no harm: " + read);
    }

    @Test
    void namesThatNoMessageCarriesAreKnown() {
        for (String good : List.of("a", "_x._tcp.example", "a".repeat(63), ("a".repeat(62) + ".").repeat(3) + "a")) {
            assertTrue(DomainName.fits(good), good);
            ByteBuffer message = ByteBuffer.allocate(300);
            DomainName.write(good, message);
            assertEquals(good, DomainName.read(message.flip()));
            assertFalse(message.hasRemaining());
        }
        for (String bad : List.of("", ".", "a..b", "a.", "a".repeat(64), "a b", "ä", ("a".repeat(62) + ".").repeat(4)
                + "aaa")) {
            assertFalse(DomainName.fits(bad), bad);
        }
        assertTrue(
                DomainName.fits("a".repeat(63) + "." + "a".repeat(63) + "." + "a".repeat(63) + "." + "a".repeat(61)));
        assertFalse(
                DomainName.fits("a".repeat(63) + "." + "a".repeat(63) + "." + "a".repeat(63) + "." + "a".repeat(62)));
    }
}
