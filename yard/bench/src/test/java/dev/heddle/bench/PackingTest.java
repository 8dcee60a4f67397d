package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each server that compresses sends the same document, and no longer than zlib makes it. */
final class PackingTest {

    private static final int MOST_BYTES = 12_000;

    @Test
    void documentIsTheSameForAllAndFiftyKibibytesLong() {
        byte[] document = Packing.document();
        assertArrayEquals(document, Packing.document());
        assertEquals(50 * 1024, document.length);
        String text = new String(document, StandardCharsets.US_ASCII).trim();
        assertTrue(text.startsWith("[{\"id\":1,\"name\":") && text.endsWith("]}]"), text);
    }

    @Tag("night")
    @ParameterizedTest
    @EnumSource(names = {"NGINX", "NETTY_EPOLL", "VERTX", "JDK", "AIOHTTP", "HEDDLE_NIO", "HEDDLE_EPOLL"})
    void serverSendsItCompressed(SiteServer server) throws Exception {
        assumeTrue(SiteServerTest.canTakePart(server, SiteMode.PLAIN));
        try (SiteProcess process = Packing.start(server)) {
            int bytes = Packing.packedBytes(process);
            assertTrue(bytes < MOST_BYTES, () -> "an answer of " + bytes);
        }
    }
}
