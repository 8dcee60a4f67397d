package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FreePortsTest {

    @Test
    void eachIsGivenOnceAndIsNoEphemeralOne() throws Exception {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            int port = FreePorts.next();
            assertTrue(port >= 10_000 && port < 32_768, () -> "port " + port);
            given.add(port);
        }
        assertEquals(200, given.size());
    }

    @Test
    void thoseInARowAreFree() throws Exception {
        int first = FreePorts.next(3);
        for (int i = 0; i < 3; i++) {
            new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()).close();
        }
        assertTrue(FreePorts.next() >= first + 3 || FreePorts.next() < first);
    }

    @Test
    void oneThatSomebodyHasIsLeftOut() throws Exception {
        int first = FreePorts.next();
        try (var _ = new ServerSocket(first + 2, 1, InetAddress.getLoopbackAddress())) {
            int three = FreePorts.next(3);
            assertTrue(three > first + 2 || three + 2 < first, () -> three + " beside " + first);
        }
    }
}
