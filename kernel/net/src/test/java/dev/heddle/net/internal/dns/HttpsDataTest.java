package dev.heddle.net.internal.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The data of HTTPS records: what says where HTTP/3 is, and what breaks the rules (RFC 9460, with its test vectors). */
final class HttpsDataTest {

    private static final String FOO = "03666f6f076578616d706c6503636f6d00"; // foo.example.com

    private static DnsRecord read(String hex) {
        return HttpsData.read("h.example", 60, ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private static DnsRecord.Https https(int priority, String target, int port, boolean http3) {
        return new DnsRecord.Https("h.example", 60, priority, target, port, http3);
    }

    /** Appendix D of the RFC, without its quotation marks. */
    @Test
    void vectorsOfTheRfc() {
        assertEquals(https(0, "foo.example.com", 0, false), read("0000" + FOO));
        assertEquals(https(1, "h.example", 0, false), read("0001 00"));
        assertEquals(https(16, "foo.example.com", 53, false), read("0010" + FOO + "0003 0002 0035"));
        assertEquals(https(1, "foo.example.com", 0, false), read("0001" + FOO + "029b 0005 68656c6c6f"));
        assertEquals(https(1, "foo.example.com", 0, false), read("0001" + FOO + "0006 0020"
                + "20010db8000000000000000000000001 20010db8000000000000000000530001"));
        assertEquals(https(16, "foo.example.org", 0, false), read("0010 03666f6f076578616d706c65036f726700"
                + "0000 0004 0001 0004  0001 0009 026832 0568332d3139  0004 0004 c0000201"));
    }

    @ParameterizedTest
    @CsvSource({
            "0001 00 0001 0003 026833,                                  0,    true", // alpn=h3
            "0001 00 0001 0006 026832 026833,                           0,    true", // alpn=h2,h3
            "0001 00 0001 0006 0568332d3239,                            0,    false", // alpn=h3-29
            "0001 00 0001 0003 026833 0002 0000 0003 0002 20fb,         8443, true", // no-default-alpn, port
            "0001 00 0000 0002 0001 0001 0003 026833,                   0,    true", // mandatory=alpn
            "0001 00 0000 0004 0001 0003 0001 0003 026833 0003 0002 0001, 1,  true", // mandatory=alpn,port
            "0001 00 0000 0002 0005 0001 0003 026833 0005 0001 00,      0,    false", // mandatory=ech, not known here
            "0001 00 0001 0003 026833 0005 0001 00,                     0,    true", // ech
            "0001 00 0001 0003 026833 ffff 0000,                        0,    true", // what nobody knows
    })
    void parametersSayWhatIsSpoken(String hex, int port, boolean http3) {
        assertEquals(https(1, "h.example", port, http3), read(hex));
    }

    @Test
    void parametersOfANameForANameDoNotCount() {
        assertEquals(https(0, "foo.example.com", 0, false), read("0000" + FOO + "0001 0003 026833"));
        assertEquals(https(0, "foo.example.com", 0, false), read("0000" + FOO + "00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "00", "0001", "0001 01", "0001 0168", "0001 c000", "0001 c00c", "0001 40", // no priority, or no name
            "0001 00 00", "0001 00 0001", "0001 00 0001 00", "0001 00 0001 0004 026833", // cut
            "0001 00 0001 0003 026833 0001 0003 026832", // a key twice (appendix D.3)
            "0001 00 0003 0002 0035 0001 0003 026833", // keys not in order
            "0001 00 0001 0000", "0001 00 0001 0001 00", "0001 00 0001 0003 036833", // no, empty and cut protocols
            "0001 00 0001 0004 026833 00",
            "0001 00 0001 0003 026833 0002 0001 00", "0001 00 0002 0000", // no-default-alpn: a value, and alone
            "0001 00 0003 0000", "0001 00 0003 0001 35", "0001 00 0003 0003 003500", "0001 00 0003 0002 0000", // port
            "0001 00 0004 0000", "0001 00 0004 0003 c00002", "0001 00 0004 0005 c000020100", // ipv4hint
            "0001 00 0006 0000", "0001 00 0006 0004 c0000201", // ipv6hint
            "0001 00 0000 0000", "0001 00 0000 0001 00", "0001 00 0000 0002 0001", // mandatory: none, cut, not there
            "0001 00 0000 0002 0000 0001 0003 026833", // names itself
            "0001 00 0000 0004 0001 0001 0001 0003 026833", // names one twice (appendix D.3)
            "0001 00 0000 0004 0003 0001 0001 0003 026833 0003 0002 0035", // not in order
    })
    void againstTheRulesIsMalformed(String hex) {
        assertEquals(new DnsRecord.Malformed("h.example", 60), read(hex));
    }

    @Test
    void malformedOneSpoilsNoMessage() {
        var question = new Question("h.example", Question.HTTPS);
        ByteBuffer message = ByteBuffer.allocate(200).putShort((short) 7).putShort((short) 0x8180)
                .putShort((short) 1).putShort((short) 2).putInt(0);
        DomainName.write(question.name(), message);
        message.putShort((short) Question.HTTPS).putShort((short) 1);
        for (String data : List.of("00010000", "00010000010003026833")) {
            byte[] bytes = HexFormat.of().parseHex(data);
            message.putShort((short) 0xC00C).putShort((short) Question.HTTPS).putShort((short) 1).putInt(60)
                    .putShort((short) bytes.length).put(bytes);
        }
        assertEquals(List.of(new DnsRecord.Malformed("h.example", 60), https(1, "h.example", 0, true)),
                DnsReply.read(message.flip(), 7, question).answers());
    }

    @Test
    void randomBytesAndRandomChangesAreReadOrMalformedAndNothingElse() {
        var random = new Random(65);
        byte[] good = HexFormat.of().parseHex("0001" + FOO + "00000004000100030001000602683302683200020000000300022"
                + "0fb00040004c0000201000600102001" + "0db8000000000000000000000001029b000568656c6c6f");
        assertEquals(https(1, "foo.example.com", 8443, true), HttpsData.read("h.example", 60, ByteBuffer.wrap(good)));
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
            } else {
                bytes = good.clone();
                for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                    bytes[random.nextInt(good.length)] = (byte) (random.nextBoolean()
                            ? random.nextInt(8)
                            : random.nextInt(256));
                }
            }
            DnsRecord found = HttpsData.read("h.example", 60, ByteBuffer.wrap(bytes));
            if (found instanceof DnsRecord.Https) {
                read++;
            } else {
                assertInstanceOf(DnsRecord.Malformed.class, found);
            }
        }
        int harmless = read;
        assertTrue(harmless > 1_000, () -> "some changes do no harm: " + harmless);
    }
}
