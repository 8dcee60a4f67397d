package dev.heddle.http.internal.client.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed bodies, good and bad. */
final class InflatingBodyTest {

    private static final byte[] TEXT = "hello, hello, hello and good-bye".repeat(50).getBytes(UTF_8);
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private static byte[] gzip(byte[] plain) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean raw) {
        var bytes = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
        try (var out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        var bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] decode(String coding, byte[] coded, int step, long limit) {
        InflatingBody body = InflatingBody.of(new Pieces(coded, step), coding, limit, "test");
        var out = new ByteArrayOutputStream();
        byte[] target = new byte[100];
        try {
            for (int n = body.read(target, 0, 100); n >= 0; n = body.read(target, 0, 100)) {
                out.write(target, 0, n);
            }
            assertEquals(-1, body.read(target, 0, 100));
        } finally {
            body.close();
        }
        return out.toByteArray();
    }

    private static byte[] decode(String coding, byte[] coded) {
        byte[] atOnce = decode(coding, coded, coded.length, NO_LIMIT);
        assertArrayEquals(atOnce, decode(coding, coded, 1, NO_LIMIT));
        return atOnce;
    }

    private static void assertRefused(String coding, byte[] coded) {
        assertThrows(BadReplyException.class, () -> decode(coding, coded, coded.length, NO_LIMIT));
        assertThrows(BadReplyException.class, () -> decode(coding, coded, 1, NO_LIMIT));
    }

    @Test
    void othersHaveTheirTurnsWhileMuchIsDecodedFromLittle() {
        int[] turns = new int[1];
        boolean[] over = new boolean[1];
        Sim.run(() -> {
            Task<Void> other = Heddle.spawn(() -> {
                while (!over[0]) {
                    turns[0]++;
                    Heddle.checkpoint();
                }
            });
            byte[] coded = gzip(new byte[8 << 20]);
            assertEquals(8 << 20, decode("gzip", coded, coded.length, NO_LIMIT).length);
            over[0] = true;
            other.join();
        });
        assertTrue(turns[0] >= 10, turns[0] + " turns in 32 pauses");
    }

    @Test
    void gzipAndBothKindsOfDeflateAreDecoded() {
        for (byte[] plain : new byte[][]{TEXT, {}, {1}, random(100_000)}) {
            assertArrayEquals(plain, decode("gzip", gzip(plain)));
            assertArrayEquals(plain, decode("X-GZIP", gzip(plain)));
            assertArrayEquals(plain, decode("deflate", deflate(plain, false)));
            assertArrayEquals(plain, decode("deflate", deflate(plain, true)));
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void emptyBodyIsNoCodedDataAndNoError() {
        assertEquals(0, decode("gzip", new byte[0], 1, NO_LIMIT).length);
        assertEquals(0, decode("deflate", new byte[0], 1, NO_LIMIT).length);
    }

    @Test
    void severalGzipMembersAreOneBody() {
        assertArrayEquals(join(TEXT, TEXT), decode("gzip", join(gzip(TEXT), gzip(new byte[0]), gzip(TEXT))));
    }

    @Test
    void allFieldsOfAGzipHeaderAreUnderstood() {
        byte[] plain = gzip(TEXT);
        byte[] head = {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3, 3, 0, 'x', 'y', 'z', 'n', 0, 'c', 'd',
                0};
        var sum = new CRC32();
        sum.update(head);
        byte[] check = {(byte) sum.getValue(), (byte) (sum.getValue() >> 8)};
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
        assertArrayEquals(TEXT, decode("gzip", join(head, check, rest)));
        check[0]++;
        assertRefused("gzip", join(head, check, rest));
    }

    @Test
    void bodyCutOffAnywhereIsTruncated() {
        for (String coding : new String[]{"gzip", "deflate"}) {
            byte[] whole = coding.equals("gzip") ? gzip(TEXT) : deflate(TEXT, false);
            for (int cut = 1; cut < whole.length; cut++) {
                byte[] part = Arrays.copyOf(whole, cut);
                assertThrows(TruncatedException.class, () -> decode(coding, part, 7, NO_LIMIT), coding + " " + cut);
            }
        }
    }

    @Test
    void bytesBehindTheEndAreAnError() {
        assertRefused("gzip", join(gzip(TEXT), "garbage".getBytes(UTF_8)));
        assertRefused("gzip", join(gzip(TEXT), new byte[600], "garbage".getBytes(UTF_8)));
        assertRefused("deflate", join(deflate(TEXT, false), new byte[1]));
        assertRefused("deflate", join(deflate(TEXT, true), new byte[1]));
        assertThrows(TruncatedException.class, () -> decode("gzip", join(gzip(TEXT), new byte[]{0x1f}), 1, NO_LIMIT));
    }

    @Test
    void zerosBehindGzipArePadding() {
        for (int zeros : new int[]{1, 512, 10_000}) {
            assertArrayEquals(TEXT, decode("gzip", join(gzip(TEXT), new byte[zeros])));
        }
    }

    @Test
    void damagedDataIsAnErrorAndNeverAShortBody() {
        byte[] good = gzip(TEXT);
        for (int i = 0; i < good.length; i++) {
            if (i >= 4 && i < 10) {
                continue;
            }
            byte[] bad = good.clone();
            bad[i] ^= 0x55;
            int at = i;
            assertThrows(RuntimeException.class, () -> decode("gzip", bad, 11, NO_LIMIT), "byte " + at);
        }
        byte[] wrongSum = deflate(TEXT, false);
        wrongSum[wrongSum.length - 1]++;
        assertRefused("deflate", wrongSum);
        assertRefused("gzip", "this is plain text".getBytes(UTF_8));
    }

    /** CVE-2026-42587. */
    @Test
    void bombIsStoppedAtTheLimit() {
        byte[] zeros = new byte[10_000_000];
        for (String coding : new String[]{"gzip", "deflate"}) {
            byte[] bomb = coding.equals("gzip") ? gzip(zeros) : deflate(zeros, false);
            assertTrue(bomb.length < 20_000);
            assertEquals(zeros.length, decode(coding, bomb, 1000, zeros.length).length);
            var e = assertThrows(LimitExceededException.class, () -> decode(coding, bomb, 1000, zeros.length - 1));
            assertEquals(zeros.length - 1, e.limit());
        }
        byte[] members = join(gzip(zeros), gzip(zeros));
        assertThrows(LimitExceededException.class, () -> decode("gzip", members, 1000, zeros.length + 1));
    }

    @Test
    void endlessHeaderIsAnError() {
        byte[] head = {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 3};
        byte[] name = new byte[100_000];
        Arrays.fill(name, (byte) 'n');
        assertRefused("gzip", join(head, name));
    }

    @Test
    void bodyThatFailedOrWasClosedGivesNothingMore() {
        InflatingBody failed = InflatingBody.of(new Pieces(new byte[]{1, 2, 3}, 3), "gzip", NO_LIMIT, "test");
        assertThrows(BadReplyException.class, () -> failed.read(new byte[1], 0, 1));
        assertThrows(ClosedException.class, () -> failed.read(new byte[1], 0, 1));
        InflatingBody closed = InflatingBody.of(new Pieces(gzip(TEXT), 100), "gzip", NO_LIMIT, "test");
        closed.close();
        closed.close();
        assertThrows(ClosedException.class, () -> closed.read(new byte[1], 0, 1));
    }

    @SimTest(seeds = 5)
    void clientAsksForCodingsAndDecodesThem() {
        byte[] coded = gzip(TEXT);
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + coded.length + "\r\n\r\n");
                peer.send(coded);
            }
        });
                var http = server.client().build();
                var plain = server.client().decodeBodies(false).build()) {
            Reply reply = http.get("http://h/");
            assertArrayEquals(TEXT, reply.bytes());
            assertEquals("gzip", reply.headers().first("Content-Encoding"));
            assertTrue(server.requests.getFirst().contains("\r\nAccept-Encoding: gzip, deflate\r\n"));
            assertArrayEquals(coded, plain.get("http://h/").bytes());
            assertTrue(!server.requests.getLast().contains("Accept-Encoding"));
            Reply own = http.request("GET", "http://h/").header("Accept-Encoding", "gzip").send();
            assertArrayEquals(coded, own.bytes());
            assertEquals(1, http.statistics().idle());
        }
    }

    @SimTest(seeds = 5)
    void truncatedCodedBodyIsAnErrorThoughItsFramingIsWhole() {
        byte[] coded = Arrays.copyOf(gzip(TEXT), 30);
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 30\r\n\r\n");
            peer.send(coded);
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            assertThrows(TruncatedException.class, () -> http.get("http://h/").text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "gzip,deflate", "compress", "\"gzip\""})
    void unknownOrNestedCodingIsNotDecoded(String coding) {
        Sim.run(1, () -> {
            String response = "HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: 3\r\n\r\nabc";
            try (var server = ScriptedServer.answering(response);
                    var http = server.client().build()) {
                var e = assertThrows(BadReplyException.class, () -> http.get("http://h/").text());
                assertTrue(e.getMessage().contains("not decoded"), e.getMessage());
                assertEquals("abc", new String(http.get("http://h/").bytes(), UTF_8));
            }
        });
    }

    @Test
    void twoFieldsOfCodingsAreNested() {
        Sim.run(1, () -> {
            String response = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc";
            try (var server = ScriptedServer.answering(response);
                    var http = server.client().build()) {
                assertThrows(BadReplyException.class, () -> http.get("http://h/").text());
            }
        });
    }

    /** A body that comes in pieces. */
    private static final class Pieces implements ReplyBody {

        private final byte[] bytes;
        private final int step;
        private int at;

        Pieces(byte[] bytes, int step) {
            this.bytes = bytes;
            this.step = step;
        }

        @Override
        public RequestHop hop() {
            return new RequestHop("GET", ClientUrl.parse("http://h/"), Headers.EMPTY, ClientBody.NONE);
        }

        @Override
        public ReplyHead head() {
            return new ReplyHead(200, "OK", Headers.EMPTY, Protocol.HTTP_1_1);
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            int taken = Math.min(Math.min(step, count), bytes.length - at);
            System.arraycopy(bytes, at, target, offset, taken);
            at += taken;
            return taken == 0 ? -1 : taken;
        }

        @Override
        public boolean hasArrived() {
            return true;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public void close() {
            at = bytes.length;
        }
    }
}
