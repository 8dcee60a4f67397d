package dev.heddle.tls;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.GatedTransport;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TruncatedException;
import dev.heddle.io.internal.BufferPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How TLS ends: in good order, cut off, and with peers that take nothing. */
final class TlsClosingTest {

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void endThatTlsDoesNotSayIsATruncation(TlsVersion version) {
        RawTls.with(version, raw -> {
            raw.server.write("half of it");
            raw.below.closeOutput();

            assertEquals("half of it", text(raw.client.readExactly(10)));
            assertThrows(TruncatedException.class, () -> raw.client.read(new byte[1]));
            assertThrows(TruncatedException.class, () -> raw.client.read(new byte[1]), "again and again");
            assertThrows(TruncatedException.class, () -> raw.client.readAll(100));
        });
    }

    @Test
    void endInTheMiddleOfARecordIsATruncation() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            byte[] record = raw.record("half of it");
            raw.below.write(record, 0, record.length - 1);
            raw.below.closeOutput();

            assertThrows(TruncatedException.class, () -> raw.client.read(new byte[100]));
        });
    }

    @Test
    void bytesAfterTheEndAreNotRead() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            raw.server.write("all");
            raw.engine.closeOutbound();
            raw.below.write(raw.record(""));
            raw.below.write("this is no TLS");

            assertEquals("all", text(raw.client.readAll(100)));
            assertEquals(-1, raw.client.read(new byte[1]));
        });
    }

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void orderlyCloseIsAnEndOnTheOtherSide(TlsVersion version) {
        RawTls.with(version, raw -> {
            raw.client.close();

            assertEquals(-1, raw.server.read(new byte[1]));
        });
    }

    @Test
    void whatIsStillComingWhenOneSideClosesDoesNotHurt() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            raw.server.write("trailing data that nobody reads");
            raw.client.write("last words");
            raw.client.close();

            assertEquals("last words", text(raw.server.readAll(100)));
        });
    }

    /** A test over a pair whose left end can be kept from sending. */
    private interface GatedBody {
        void run(ByteStream left, ByteStream right, GatedTransport gate) throws Exception;
    }

    private static void withGate(GatedBody body) {
        ManualEngine.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            GatedTransport gate = new GatedTransport(plain.left().transport());
            try (var pair = TlsFixture.secure(new MemoryStreams.Pair(new ByteStream(gate), plain.right()),
                    TlsFixture.CLIENT_TLS, TlsFixture.SERVER_TLS)) {
                body.run(pair.left(), pair.right(), gate);
            }
            Heddle.sleep(TlsTransport.LINGER.multipliedBy(2));
            assertEquals(0, TlsBuffers.current().borrowed());
            assertFalse(gate.isOpen());
        });
    }

    @Test
    void closingNeverWaitsAndItsGoodbyeIsHeldOutToASlowPeer() {
        withGate((left, right, gate) -> {
            left.write("last words");
            gate.shut();
            left.close();
            assertFalse(left.isOpen());
            assertThrows(ClosedException.class, () -> left.read(new byte[1]));
            letOthersRun();

            gate.open();

            assertEquals("last words", text(right.readAll(100)));
        });
    }

    @Test
    void halfCloseIsHeldOutToASlowPeerToo() {
        withGate((left, right, gate) -> {
            left.write("question");
            gate.shut();
            left.closeOutput();
            assertThrows(ClosedException.class, () -> left.write("x"));
            letOthersRun();

            gate.open();

            assertEquals("question", text(right.readAll(100)));
            right.write("answer");
            assertEquals("answer", text(left.readExactly(6)));
        });
    }

    @Test
    void closeAfterAHalfCloseHoldsOutTheSameGoodbye() {
        withGate((left, right, gate) -> {
            gate.shut();
            left.closeOutput();
            letOthersRun();
            left.close();
            letOthersRun();

            gate.open();

            assertEquals(-1, right.read(new byte[1]));
        });
    }

    @Test
    void goodbyeThatNobodyTakesIsGivenUpInTime() {
        withGate((left, right, gate) -> {
            left.write("last words");
            gate.shut();
            left.close();

            Heddle.sleep(TlsTransport.LINGER.multipliedBy(2));

            assertEquals("last words", text(right.readExactly(10)));
            assertThrows(TruncatedException.class, () -> right.read(new byte[1]));
        });
    }

    @Test
    void abortingDoesNotWaitForAGoodbye() {
        withGate((left, right, gate) -> {
            gate.shut();
            left.abort();

            assertFalse(gate.isOpen());
            assertThrows(BrokenException.class, () -> right.read(new byte[1]));
        });
    }

    @Test
    void idleStreamHoldsNoBuffer() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            raw.server.write("abc\n");
            raw.client.readLine(10);
            Task<byte[]> reader = Heddle.spawn(() -> raw.client.readExactly(3));
            letOthersRun();

            assertEquals(0, BufferPool.current().borrowed());
            assertEquals(0, TlsBuffers.current().borrowed());

            raw.server.write("abc");
            assertEquals("abc", text(reader.join()));
        });
    }

    @Test
    void abortingIsNoGoodEnd() {
        RawTls.with(TlsVersion.TLS_1_3, raw -> {
            raw.server.write("abc");
            raw.server.abort();

            assertThrows(BrokenException.class, () -> raw.client.readAll(100));
        });
    }
}
