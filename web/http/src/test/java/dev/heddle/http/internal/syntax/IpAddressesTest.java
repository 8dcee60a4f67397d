package dev.heddle.http.internal.syntax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts are addresses. */
final class IpAddressesTest {

    @ParameterizedTest
    @ValueSource(strings = {"010.0.0.1", "127.0.00.1", "1.2.3.08", "127.1", "1.2.3", "1.2.3.4.5", "1..2.3",
            "0x7f.0.0.1",
            "1.2.3.256", "1.2.3.0001", "a.b.c.d", "", "...", "::g"})
    void whatProgramsReadDifferentlyIsAName(String host) {
        assertNull(IpAddresses.parse(host), host);
    }

    @Test
    void addressesAreRead() {
        assertArrayEquals(new byte[]{127, 0, 0, 1}, IpAddresses.parse("127.0.0.1"));
        assertArrayEquals(new byte[]{0, 0, 0, 0}, IpAddresses.parse("0.0.0.0"));
        assertArrayEquals(new byte[]{-1, -1, -1, -1}, IpAddresses.parse("255.255.255.255"));
        assertArrayEquals(new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, IpAddresses.parse("::1"));
    }
}
