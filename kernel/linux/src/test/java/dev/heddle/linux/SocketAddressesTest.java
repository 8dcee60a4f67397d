package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.linux.internal.SocketAddresses;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** Addresses there and back. */
final class SocketAddressesTest {

    @Test
    void addressesOfAllFamiliesComeBackAsTheyWere() throws IOException {
        for (SocketAddress address : new SocketAddress[]{
                new InetSocketAddress("127.0.0.1", 80),
                new InetSocketAddress("255.1.2.3", 65_535),
                new InetSocketAddress("::1", 8_080),
                new InetSocketAddress("2001:db8::ff00:42:8329", 0),
                new InetSocketAddress(Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), 7),
                        1),
                UnixDomainSocketAddress.of("/tmp/a socket"),
                UnixDomainSocketAddress.of("")}) {
            assertEquals(address, thereAndBack(address));
        }
    }

    private static SocketAddress thereAndBack(SocketAddress address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            return SocketAddresses.read(raw, SocketAddresses.write(address, raw));
        }
    }

    @Test
    void ipv4AddressInIpv6ClothesIsAnIpv4Address() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            raw.set(ValueLayout.JAVA_SHORT, 0, (short) SocketAddresses.AF_INET6);
            raw.set(ValueLayout.JAVA_BYTE, 3, (byte) 80);
            raw.asSlice(18).copyFrom(MemorySegment.ofArray(new byte[]{-1, -1, 127, 0, 0, 1}));

            assertEquals(new InetSocketAddress("127.0.0.1", 80), SocketAddresses.read(raw, 28));
        }
    }

    @Test
    void unnamedPeerHasAnEmptyPath() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            assertEquals(UnixDomainSocketAddress.of(""), SocketAddresses.read(raw, 0));
        }
    }

    @Test
    void pathThatIsTooLongIsRefusedInWords() {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of("/tmp/" + "x".repeat(103));
        SocketException refused = assertThrows(SocketException.class, () -> thereAndBack(address));
        assertEquals("Unix domain path too long: 108 bytes, at most 107", refused.getMessage());
    }

    @Test
    void unresolvedAddressIsRefused() {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 80);
        assertThrows(UnknownHostException.class, () -> thereAndBack(nowhere));
        assertThrows(UnknownHostException.class, () -> SocketAddresses.family(nowhere));
    }
}
