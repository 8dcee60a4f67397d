package dev.heddle.tls;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.text;
import static dev.heddle.tls.TlsFixture.CLIENT_TLS;
import static dev.heddle.tls.TlsFixture.SERVER_TLS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TlsException;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.net.Listener;
import dev.heddle.net.ScriptedAcceptor;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.StreamHandler;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handshakes that are slow, cut up, wrong or given up; and who waits for them. */
final class TlsHandshakeTest {

    private final ScriptedAcceptor acceptor = new ScriptedAcceptor();
    private final List<Throwable> reported = new ArrayList<>();

    private Listener serve(StreamHandler handler) {
        Listener listener = Tls.over(new Listener(acceptor), SERVER_TLS);
        ServeOptions options = ServeOptions.DEFAULT.withOnFailure((what, failure) -> reported.add(failure));
        Heddle.spawn(() -> listener.serve(options, handler));
        return listener;
    }

    private static void greet(ByteStream stream) {
        stream.write("hello " + stream.readLine(100).orElseThrow() + "\n");
    }

    private static void assertServes(ByteStream plain) {
        try (ByteStream stream = Tls.upgradeClient(plain, "localhost", CLIENT_TLS)) {
            stream.write("Ada\n");
            assertEquals("hello Ada", stream.readLine(100).orElseThrow());
            assertEquals(-1, stream.read(new byte[1]));
        }
    }

    @Test
    void handlerGetsAStreamAndNeedNotKnow() {
        ManualEngine.run(() -> {
            Listener listener = serve(TlsHandshakeTest::greet);
            assertServes(acceptor.connect());
            assertEquals(7, listener.port());
            listener.close();
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void peerThatSaysNothingHoldsUpNobodyAndIsClosedInTime() {
        ManualEngine.run(() -> {
            Listener listener = serve(TlsHandshakeTest::greet);
            ByteStream silent = acceptor.connect();
            letOthersRun();
            assertServes(acceptor.connect());
            assertTrue(ManualEngine.elapsed().toMillis() < 10_000);

            assertEquals(-1, silent.read(new byte[1]));
            assertEquals(10_000, ManualEngine.elapsed().toMillis(), 10);
            listener.close();
        });
        assertEquals(1, reported.size());
        assertTrue(reported.getFirst().getMessage().contains("the handshake has not ended within 10000 ms"),
                reported.getFirst().getMessage());
    }

    @Test
    void byteNowAndThenDoesNotPutTheEndOff() {
        ManualEngine.run(() -> {
            Listener listener = serve(TlsHandshakeTest::greet);
            ByteStream slow = acceptor.connect();
            byte[] begin = {22, 3, 1, 2, 0, 1};
            int sent = 0;
            for (; sent < begin.length && ManualEngine.elapsed().toMillis() < 10_000; sent++) {
                slow.write(begin, sent, 1);
                Heddle.sleep(Duration.ofSeconds(3));
            }

            assertEquals(4, sent);
            assertThrows(BrokenException.class, () -> {
                slow.write("x");
                slow.read(new byte[1]);
            });
            listener.close();
        });
    }

    @Test
    void clientHelloMayComeByteByByte() {
        Heddle.run(() -> {
            MemoryStreams.Pair outer = MemoryStreams.pair();
            MemoryStreams.Pair inner = MemoryStreams.pair();
            Task<?> there = Heddle.spawn(() -> relayByteByByte(outer.right(), inner.left()));
            Task<?> back = Heddle.spawn(() -> relayByteByByte(inner.left(), outer.right()));

            try (var pair = TlsFixture.secure(
                    new MemoryStreams.Pair(outer.left(), inner.right()), CLIENT_TLS, SERVER_TLS)) {
                pair.left().write("x");
                assertEquals("x", text(pair.right().readExactly(1)));
            }
            there.join();
            back.join();
        });
    }

    static void relayByteByByte(ByteStream from, ByteStream to) {
        byte[] one = new byte[1];
        try {
            while (from.read(one) > 0) {
                to.write(one);
            }
            to.closeOutput();
        } catch (BrokenException | ClosedException e) {
            // One side was faster to close than the other to speak.
            to.close();
        }
    }

    @Test
    void clientHelloMayBeSplitOverManyRecords() {
        Heddle.run(() -> {
            MemoryStreams.Pair outer = MemoryStreams.pair();
            MemoryStreams.Pair inner = MemoryStreams.pair();
            Task<?> there = Heddle.spawn(() -> {
                splitFirstRecord(outer.right(), inner.left());
                inner.left().write(outer.right().readAll(1_000_000));
                inner.left().closeOutput();
            });
            Task<ByteStream> server = Heddle.spawn(() -> Tls.upgradeServer(inner.right(), SERVER_TLS));
            Task<?> client = Heddle.spawn(() -> assertThrows(
                    BrokenException.class, () -> Tls.upgradeClient(outer.left(), "localhost", CLIENT_TLS)));

            letOthersRun();
            byte[] answer = inner.left().readExactly(5);
            assertEquals(22, answer[0], "the server answers with a hello of its own");
            inner.left().abort();
            outer.right().abort();
            assertThrows(TlsException.class, server::join);
            client.join();
            assertThrows(RuntimeException.class, there::join);
        });
    }

    /** RFC 8446, section 5.1: a message may lie in several records. */
    static void splitFirstRecord(ByteStream from, ByteStream to) {
        byte[] header = from.readExactly(5);
        int length = Byte.toUnsignedInt(header[3]) << 8 | Byte.toUnsignedInt(header[4]);
        for (byte b : from.readExactly(length)) {
            to.write(new byte[]{22, 3, 1, 0, 1, b});
        }
    }

    @Test
    void plainHttpToATlsPortIsAnsweredWithAnAlertAndClosed() {
        ManualEngine.run(() -> {
            Listener listener = serve(TlsHandshakeTest::greet);
            ByteStream plain = acceptor.connect();
            plain.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

            byte[] answer = plain.readAll(1_000);

            assertEquals(21, answer[0], "an alert");
            listener.close();
        });
        assertTrue(reported.getFirst().getMessage().endsWith("the peer does not speak TLS"),
                reported.getFirst().getMessage());
    }

    @Test
    void serverThatDoesNotSpeakTlsIsSaidToTheClient() {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            plain.right().write("HTTP/1.1 400 Bad Request\r\n\r\n");
            ByteStream transportOnly = new ByteStream(plain.left().transport());

            var e = assertThrows(
                    TlsException.class, () -> Tls.upgradeClient(transportOnly, "localhost", CLIENT_TLS));
            assertTrue(e.getMessage().endsWith("the peer does not speak TLS"), e.getMessage());
            assertFalse(e.isUntrusted());
        });
    }

    @Test
    void endlessHandshakeIsCutOffByItsSize() {
        ManualEngine.run(() -> {
            Listener listener = serve(TlsHandshakeTest::greet);
            ByteStream peer = acceptor.connect();
            // Fragments of a message that the JDK would gather, each in a record of one byte.
            byte[] header = {22, 3, 1, 0, 4, 1, 0, 0x7f, (byte) 0xff};
            assertThrows(BrokenException.class, () -> {
                peer.write(header);
                while (true) {
                    peer.write(new byte[]{22, 3, 1, 0, 1, 0});
                }
            });
            listener.close();
        });
        assertEquals(1, reported.size());
    }

    @Test
    void peerThatLeavesIsAClearError() {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            plain.right().close();
            var gone = assertThrows(
                    TlsException.class, () -> Tls.upgradeClient(plain.left(), "localhost", CLIENT_TLS));
            assertTrue(gone.getMessage().contains("during the handshake"), gone.getMessage());

            MemoryStreams.Pair half = MemoryStreams.pair();
            half.right().closeOutput();
            var ended = assertThrows(
                    TlsException.class, () -> Tls.upgradeClient(half.left(), "localhost", CLIENT_TLS));
            assertTrue(ended.getMessage().contains("closed the connection during the handshake"), ended.getMessage());
        });
    }

    @Test
    void failedHandshakesGiveTheirBuffersBack_CVE_2022_2191() {
        ManualEngine.run(() -> {
            Listener listener = serve(TlsHandshakeTest::greet);
            for (int i = 0; i < 50; i++) {
                ByteStream plain = acceptor.connect();
                switch (i % 4) {
                    case 0 -> plain.write("GET / HTTP/1.1\r\n\r\n");
                    case 1 -> {
                        plain.write(new byte[]{22, 3, 1, 64, 0, 1, 0});
                        letOthersRun();
                        plain.abort();
                    }
                    case 2 -> plain.close();
                    default -> assertThrows(
                            TlsException.class, () -> Tls.upgradeClient(plain, "elsewhere.example", CLIENT_TLS));
                }
            }
            letOthersRun();
            letOthersRun();
            assertEquals(0, TlsBuffers.current().borrowed());
            assertEquals(0, BufferPool.current().borrowed());
            assertServes(acceptor.connect());
            listener.close();
        });
    }

    @Test
    void cancelledUpgradeLeavesNoConnection() {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            Task<?> upgrade = Heddle.spawn(() -> Tls.upgradeClient(plain.left(), "localhost", CLIENT_TLS));
            plain.right().fill();
            upgrade.cancel("enough");
            assertThrows(TaskCancelledException.class, upgrade::join);

            assertFalse(plain.left().isOpen());
            assertEquals(0, TlsBuffers.current().borrowed());
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class,
                        () -> Tls.upgradeServer(MemoryStreams.pair().left(), SERVER_TLS));
                return "";
            });
        });
    }

    @Test
    void readerThatIsCancelledInTheHandshakeHandsItOnToTheNext() {
        ManualEngine.run(() -> {
            Listener listener = Tls.over(new Listener(acceptor), SERVER_TLS);
            ByteStream peer = acceptor.connect();
            ByteStream accepted = listener.accept();
            Task<?> first = Heddle.spawn(() -> accepted.readExactly(3));
            Task<?> session = Heddle.spawn(() -> Tls.session(accepted));
            letOthersRun();
            first.cancel("enough");
            assertThrows(TaskCancelledException.class, first::join);

            Task<Void> client = Heddle.spawn(() -> {
                ByteStream stream = Tls.upgradeClient(peer, "localhost", CLIENT_TLS);
                stream.write("abc");
                assertEquals("xyz", text(stream.readExactly(3)));
                stream.close();
            });
            assertEquals("abc", text(accepted.readExactly(3)));
            session.join();
            accepted.write("xyz");
            client.join();
            accepted.close();
            listener.close();
        });
    }

    @Test
    void readerAndAWriterMayBothBeTheFirst() {
        ManualEngine.run(() -> {
            Listener listener = Tls.over(new Listener(acceptor), SERVER_TLS);
            ByteStream peer = acceptor.connect();
            ByteStream accepted = listener.accept();
            Task<byte[]> reader = Heddle.spawn(() -> accepted.readExactly(3));
            Task<Void> writer = Heddle.spawn(() -> accepted.write("xyz"));
            ByteStream stream = Tls.upgradeClient(peer, "localhost", CLIENT_TLS);

            assertEquals("xyz", text(stream.readExactly(3)));
            stream.write("abc");
            assertEquals("abc", text(reader.join()));
            writer.join();
            stream.close();
            accepted.close();
        });
    }

    @Test
    void closingInTheMiddleOfAHandshakeWakesWhoWaits() {
        ManualEngine.run(() -> {
            Listener listener = Tls.over(new Listener(acceptor), SERVER_TLS);
            ByteStream peer = acceptor.connect();
            ByteStream accepted = listener.accept();
            Task<?> reader = Heddle.spawn(() -> accepted.readExactly(3));
            Task<?> session = Heddle.spawn(() -> Tls.session(accepted));
            letOthersRun();

            accepted.close();

            assertThrows(ClosedException.class, reader::join);
            assertThrows(ClosedException.class, session::join);
            assertEquals(-1, peer.read(new byte[1]));
            assertEquals(0, TlsBuffers.current().borrowed());
        });
    }

    @Test
    void closingWhileAWorkerComputesWakesWhoWaits() {
        for (int turns = 0; turns < 10; turns++) {
            int before = turns;
            ManualEngine.run(() -> {
                Listener listener = Tls.over(new Listener(acceptor), SERVER_TLS);
                ByteStream peer = acceptor.connect();
                ByteStream accepted = listener.accept();
                Task<?> reader = Heddle.spawn(() -> accepted.readExactly(3));
                Task<?> client = Heddle.spawn(() -> Tls.upgradeClient(peer, "localhost", CLIENT_TLS));
                for (int i = 0; i < before; i++) {
                    Heddle.checkpoint();
                }

                accepted.close();

                assertThrows(ClosedException.class, reader::join);
                client.awaitOutcome();
                assertEquals(0, TlsBuffers.current().borrowed());
            });
        }
    }

    @Test
    void outputCanBeClosedBeforeTheHandshake() {
        ManualEngine.run(() -> {
            Listener listener = Tls.over(new Listener(acceptor), SERVER_TLS);
            ByteStream peer = acceptor.connect();
            ByteStream accepted = listener.accept();
            accepted.closeOutput();
            Task<byte[]> reader = Heddle.spawn(() -> accepted.readExactly(3));
            ByteStream stream = Tls.upgradeClient(peer, "localhost", CLIENT_TLS);

            stream.write("abc");
            assertEquals("abc", text(reader.join()));
            assertEquals(-1, stream.read(new byte[1]));
            stream.close();
            accepted.close();
        });
    }

    @Test
    void handshakeMayBeGivenAnyTime() {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                Task<ByteStream> server = Heddle.spawn(
                        () -> Tls.upgradeServer(pair.right(), SERVER_TLS.withHandshakeTimeout(forever)));
                try (ByteStream client = Tls.upgradeClient(
                        pair.left(), "localhost", CLIENT_TLS.withHandshakeTimeout(forever));
                        ByteStream peer = server.join()) {
                    client.write("hello\n");
                    assertEquals("hello", peer.readLine(100).orElseThrow());
                }
            }
        });
    }
}
