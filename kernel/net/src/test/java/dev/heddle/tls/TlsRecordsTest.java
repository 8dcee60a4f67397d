package dev.heddle.tls;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.noise;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.CountingTransport;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TlsException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records of peers that break the rules, or of somebody between. */
final class TlsRecordsTest {

    private static void assertSays(String part, Throwable failure) {
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void damagedRecordEndsTheConnectionAndBothSidesHearWhy(TlsVersion version) {
        RawTls.with(version, raw -> {
            byte[] record = raw.record("money: 100");
            record[record.length - 1] ^= 1;
            raw.below.write(record);

            var e = assertThrows(TlsException.class, () -> raw.client.read(new byte[100]));
            assertSays("TLS with localhost (", e);
            assertThrows(TlsException.class, () -> raw.client.write("x"));
            assertSays("the peer got a damaged record (alert bad_record_mac)",
                    assertThrows(TlsException.class, () -> raw.server.read(new byte[100])));
        });
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void goodBytesBeforeADamagedRecordAreStillRead(TlsVersion version) {
        RawTls.with(version, raw -> {
            byte[] good = raw.record("good");
            byte[] bad = raw.record("bad");
            bad[bad.length - 1] ^= 1;
            raw.below.write(ByteBuffer.wrap(good), ByteBuffer.wrap(bad));

            byte[] target = new byte[100_000];
            assertEquals(4, raw.client.read(target));
            assertThrows(TlsException.class, () -> raw.client.read(target));
        });
    }

    /** The JDK makes two records of them, the second one of 17 bytes. */
    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void readThatTheRecordsFillToTheByteTakesThemAll(TlsVersion version) {
        RawTls.with(version, raw -> {
            byte[] sent = noise(16 * 1024, 1);
            raw.server.write(sent);
            byte[] target = new byte[sent.length];

            assertEquals(sent.length, raw.client.read(target));
            assertArrayEquals(sent, target);
        });
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void recordsThatDoNotFitAreReadInPartsOfAnySize(TlsVersion version) {
        byte[] sent = noise(1_000, 2);
        for (int room : new int[]{1, 399, 400, 401, 402, 999}) {
            RawTls.with(version, raw -> {
                raw.below.write(raw.record(Arrays.copyOfRange(sent, 0, 400)));
                raw.below.write(raw.record(Arrays.copyOfRange(sent, 400, 1_000)));
                var got = ByteBuffer.allocate(sent.length);
                while (got.hasRemaining()) {
                    byte[] part = new byte[Math.min(room, got.remaining())];
                    got.put(part, 0, raw.client.read(part));
                }
                assertArrayEquals(sent, got.array());
            });
        }
    }

    @Test
    void recordThatComesTwiceIsRefused() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            byte[] record = raw.record("pay 100");
            raw.below.write(record);
            assertEquals("pay 100", text(raw.client.readExactly(7)));

            raw.below.write(record);

            assertThrows(TlsException.class, () -> raw.client.readExactly(7));
        });
    }

    @Test
    void recordThatIsTooLongIsRefusedBeforeItsBytesCome() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            raw.below.write(new byte[]{23, 3, 3, (byte) 0xff, (byte) 0xff});

            assertSays("a record of 65540 bytes is longer than TLS allows",
                    assertThrows(TlsException.class, () -> raw.client.read(new byte[100])));
        });
    }

    /** Handshakes that an engine begins on its own are key updates in TLS 1.3. */
    private static void updateKeys(RawTls raw, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            raw.engine.beginHandshake();
            raw.below.write(raw.record(""));
        }
    }

    @Test
    void someKeyUpdatesAreFineAndAreAnswered() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            updateKeys(raw, 10);
            raw.server.write("new keys");

            assertEquals("new keys", text(raw.client.readExactly(8)));
            assertTrue(raw.below.fill().hasRemaining(), "the answer comes without a write of the client");
        });
    }

    @Test
    @Tag("full")
    void keyUpdatesWhoseAnswersGoOutWithOtherBytesAreNoFloodHoweverMany() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            Task<?> writer = Heddle.spawn(() -> {
                while (true) {
                    raw.client.write(new byte[2_000]);
                }
            });
            Task<?> taker = Heddle.spawn(() -> {
                while (raw.below.read(new byte[200_000]) > 0) {
                    Heddle.checkpoint();
                }
            });
            for (int i = 0; i < 5 * TlsInbound.MAX_EMPTY_RECORDS; i++) {
                updateKeys(raw, 1);
                raw.below.write(raw.record("x"));
                assertEquals("x", text(raw.client.readExactly(1)));
                Heddle.checkpoint();
                Heddle.checkpoint();
                // By now the writer has taken the answer along.
                raw.below.write(raw.record("y"));
                assertEquals("y", text(raw.client.readExactly(1)));
            }
            writer.cancel();
            taker.cancel();
        });
    }

    @Test
    void floodOfKeyUpdatesIsRefused() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            updateKeys(raw, 100);

            assertSays("too many records without data",
                    assertThrows(TlsException.class, () -> raw.client.read(new byte[100])));
        });
    }

    @Test
    void keyUpdatesWhoseAnswersNobodyTakesAreAFloodEvenWithDataBetween() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            Task<Void> writer = Heddle.spawn(() -> raw.client.write(new byte[1_000_000]));
            letOthersRun();
            Task<?> flood = Heddle.spawn(() -> {
                for (int i = 0; i < 100; i++) {
                    updateKeys(raw, 1);
                    raw.below.write(raw.record("x"));
                }
            });

            assertThrows(TlsException.class, () -> raw.client.readExactly(100));
            assertThrows(BrokenException.class, writer::join);
            flood.cancel("enough");
        });
    }

    @Test
    void keyUpdatesOfAPeerThatNeverReadsAreAFloodOnceNoAnswerFitsIntoItsPipeAlsoWithAByteBetween() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            Task<?> flood = Heddle.spawn(() -> {
                while (true) {
                    updateKeys(raw, 1);
                    raw.below.write(raw.record("x"));
                }
            });

            var e = assertThrows(TlsException.class, () -> {
                while (true) {
                    raw.client.readExactly(1);
                }
            });
            flood.cancel("enough");

            assertSays("too many records without data", e);
            int answers = 0;
            while (raw.below.fill().hasRemaining()) {
                answers++;
                raw.below.buffered().position(raw.below.buffered().limit());
            }
            assertTrue(answers > 0, "what fitted into the pipe was answered");
        });
    }

    @Test
    void floodOfEmptyRecordsIsRefused() throws Exception {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            TlsInbound in = new TlsInbound(plain.left().transport(), new JdkTlsEngine(new EmptyRecordsEngine()),
                    TlsBuffers.current());
            in.agreed();
            for (int i = 0; i <= TlsInbound.MAX_EMPTY_RECORDS; i++) {
                plain.right().write(new byte[]{23, 3, 3, 0, 1, 0});
            }

            assertSays("too many records without data",
                    assertThrows(SSLException.class, () -> in.read(ByteBuffer.allocate(100_000))));
            in.free();
        });
    }

    @Test
    void renegotiationIsRefused() {
        RawTls.with(TlsVersion.TLS_1_2, raw -> {
            updateKeys(raw, 1);

            assertSays("renegotiation is refused",
                    assertThrows(TlsException.class, () -> raw.client.read(new byte[100])));
        });
    }

    @Test
    void plainTextInTheMiddleIsRefused() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            raw.below.write("HTTP/1.1 200 OK\r\n\r\n");

            assertSays("TLS with localhost", assertThrows(TlsException.class, () -> raw.client.read(new byte[100])));
        });
    }

    @Test
    void recordThatComesByteByByteIsRead() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            byte[] record = raw.record("slowly");
            Task<byte[]> reader = Heddle.spawn(() -> raw.client.readExactly(6));
            for (byte b : record) {
                letOthersRun();
                raw.below.write(new byte[]{b});
            }

            assertEquals("slowly", text(reader.join()));
        });
    }

    @Test
    void smallWritesComeInOneRecordEachAndLargeOnesInFull() {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair(1_000_000);
            CountingTransport counting = new CountingTransport(plain.left().transport());
            var streams = Heddle.<ByteStream>gather(
                    () -> Tls.upgradeClient(new ByteStream(counting), "localhost", TlsFixture.CLIENT_TLS),
                    () -> Tls.upgradeServer(plain.right(), TlsFixture.SERVER_TLS));
            try (ByteStream client = streams.get(0); ByteStream server = streams.get(1)) {
                int before = counting.writes;
                client.write("small");
                assertEquals(1, counting.writes - before);
                client.write(new byte[64 * 1024]);
                assertEquals(2, counting.writes - before, "several records leave in one step");
                assertEquals(5 + 64 * 1024,
                        server.readExactly(5 + 64 * 1024).length);
            }
        });
    }
}
