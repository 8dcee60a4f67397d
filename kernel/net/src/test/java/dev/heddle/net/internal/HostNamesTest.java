package dev.heddle.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users type as a host is an address, a name, or neither; nothing is both. */
final class HostNamesTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "0.0.0.0,0.0.0.0", "::1,::1", "[::1],::1", "::ffff:127.0.0.1,127.0.0.1",
            "2001:DB8::a,2001:db8::a", "\uff11\uff12\uff17.0.0.1,127.0.0.1", "127\u30020\u30020\u30021,127.0.0.1"})
    void addressIsParsed(String text, String address) {
        assertEquals(Optional.of(InetAddress.ofLiteral(address)), HostNames.read(text).address());
    }

    @ParameterizedTest
    @CsvSource({"H.Example,h.example", "h.example.,h.example.", "a_b,a_b", "_x._tcp.example,_x._tcp.example",
            "1.2.3.example,1.2.3.example", "3f2a9c1b7d,3f2a9c1b7d", "1e100.net,1e100.net", "0xg,0xg",
            "B\u00fccher.example,xn--bcher-kva.example", "a\u3002b,a.b", "A\uff0eB,a.b", "*.example,*.example"})
    void nameIsPutInItsOneForm(String text, String name) {
        assertEquals(new HostNames.Host(name, Optional.empty()), HostNames.read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".a", "a..b", "a..", " ", "a b", "a\nb", "a\u0000", "a\u007f", "a/b", "a\\b",
            "a\\046b", "a%b", "a@b", "a#b", "a?b", "http://a", "a:80", "127.0.0.1:80", "1:2:3", "[::1", "::1]",
            "[[::1]]",
            "[a]", "[127.0.0.1]", "[]", "::1::", "fe80::1%nosuch", "fe80::1%", "127.1", "1", "256.1.1.1", "1.2.3.4.5",
            "127.0.0.1.", "01.02.03.04", "0x7f.1", "0x7f000001", "a.1", "a.0x", "999999999999", "stra\u00dfe.example",
            "\u200dx.example", "a\uff0fb.example", "a\uff05b.example", "\u202eabc.example"})
    void whatIsNeitherIsRefusedInOneLine(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> HostNames.read(text)).getMessage();
        assertTrue(message.startsWith("no host: \"") && message.chars().noneMatch(Character::isISOControl), message);
    }

    @Test
    void lengthsOfNamesAreThoseOfMessages() {
        String label = "x".repeat(63);
        String longest = label + "." + label + "." + label + "." + "x".repeat(61);
        assertEquals(longest, HostNames.name(longest));
        assertEquals(longest + ".", HostNames.name(longest + "."));
        assertThrows(IllegalArgumentException.class, () -> HostNames.read(longest + "x"));
        assertThrows(IllegalArgumentException.class, () -> HostNames.read(label + "x.example"));
        assertThrows(IllegalArgumentException.class, () -> HostNames.read("x".repeat(1_000_000)));
        assertThrows(IllegalArgumentException.class, () -> HostNames.read(("\u00fc".repeat(40) + ".").repeat(6)),
                "its ASCII form is longer");
    }

    @Test
    void addressIsNoName() {
        assertThrows(IllegalArgumentException.class, () -> HostNames.name("127.0.0.1"));
        assertEquals(Optional.empty(), HostNames.tryPlainName("::1"));
        assertEquals(Optional.of("a.b"), HostNames.tryPlainName("A.b."));
    }
}
