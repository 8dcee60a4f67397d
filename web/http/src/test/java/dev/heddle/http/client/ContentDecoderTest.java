package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.SimTest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Codings that are plugged in: here one that repeats each byte as often as the byte before it says, up to a zero. */
final class ContentDecoderTest {

    private int closed;

    private final ContentDecoder runs = new ContentDecoder() {
        @Override
        public String coding() {
            return "runs";
        }

        @Override
        public InputStream decode(InputStream coded) {
            return new Runs(coded);
        }
    };

    private final class Runs extends FilterInputStream {

        private int left;
        private byte value;

        Runs(InputStream coded) {
            super(coded);
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            if (left == 0) {
                left = in.read();
                if (left == 0) {
                    return -1;
                }
                int next = left < 0 ? -1 : in.read();
                if (next < 0) {
                    throw new IOException("it ends early");
                }
                value = (byte) next;
            }
            int taken = Math.min(left, count);
            Arrays.fill(target, offset, offset + taken, value);
            left -= taken;
            return taken;
        }

        @Override
        public void close() throws IOException {
            closed++;
            super.close();
        }
    }

    private HttpClient.Builder client(ScriptedServer server) {
        return server.client().decoder(runs);
    }

    private static ScriptedServer coded(String body) {
        return ScriptedServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Encoding: RUNS\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @SimTest(seeds = 3)
    void pluggedInCodingIsAskedForAndDecoded() {
        try (var server = coded("\u0003a\u0002b\u0000");
                var http = client(server).build()) {
            assertEquals("aaabb", http.get("http://h/").text());
            assertEquals("aaabb", http.get("http://h/").text());
            assertTrue(server.requests.getFirst().contains("\r\nAccept-Encoding: gzip, deflate, runs\r\n"));
            assertEquals(1, http.statistics().opened());
            assertEquals(2, closed);
        }
    }

    @SimTest(seeds = 2)
    void emptyBodyIsNoCodedData() {
        try (var server = ScriptedServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Encoding: runs\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
                var http = client(server).build()) {
            assertEquals("", http.get("http://h/").text());
        }
    }

    @SimTest(seeds = 2)
    void whatComesOutIsBounded() {
        try (var server = coded("\u00ffa".repeat(1_000) + "\u0000");
                var http = client(server).limits(ClientLimits.DEFAULT.withMaxDecodedBytes(10_000)).build()) {
            Reply reply = http.get("http://h/");
            byte[] buffer = new byte[500];
            assertThrows(LimitExceededException.class, () -> {
                while (reply.read(buffer) >= 0) {
                    assertEquals('a', buffer[0]);
                }
            });
            assertThrows(LimitExceededException.class, () -> reply.read(buffer));
            assertEquals(1, closed);
        }
    }

    @SimTest(seeds = 2)
    void damagedDataAndBytesBehindItAreErrors() {
        for (String body : new String[]{"\u0003", "\u0003a", "\u0003a\u0000x"}) {
            try (var server = coded(body);
                    var http = client(server).build()) {
                var e = assertThrows(BadReplyException.class, () -> http.get("http://h/").text());
                assertTrue(e.getMessage().startsWith("GET http://h/: cannot decode the response body: "),
                        e.getMessage());
            }
        }
    }

    @SimTest(seeds = 2)
    void bodyThatTheServerCutsIsTruncated() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: runs\r\nContent-Length: 9\r\n\r\n\u0003a");
        });
                var http = client(server).build()) {
            assertThrows(TruncatedException.class, () -> http.get("http://h/").text());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 2)
    void severalCodingsAtOnceAndUnknownOnesArePassedOnAsTheyAre() {
        for (String coding : new String[]{"runs, runs", "gzip, runs", "other"}) {
            try (var server = ScriptedServer.answering(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: 2\r\n\r\nxy");
                    var http = client(server).build()) {
                assertArrayEquals("xy".getBytes(StandardCharsets.US_ASCII), http.get("http://h/").bytes());
                assertThrows(BadReplyException.class, () -> http.get("http://h/").text());
            }
        }
    }

    @Test
    void codingThatIsThereAlreadyCannotBePluggedIn() {
        for (String coding : new String[]{"gzip", "X-GZIP", "deflate", "identity", "a b", ""}) {
            var builder = HttpClient.builder().decoder(new ContentDecoder() {
                @Override
                public String coding() {
                    return coding;
                }

                @Override
                public InputStream decode(InputStream coded) {
                    return coded;
                }
            });
            assertThrows(IllegalArgumentException.class, builder::build, coding);
        }
    }
}
