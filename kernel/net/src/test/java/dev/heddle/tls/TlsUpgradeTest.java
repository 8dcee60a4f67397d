package dev.heddle.tls;

import static dev.heddle.tls.TlsFixture.CLIENT_TLS;
import static dev.heddle.tls.TlsFixture.SERVER_TLS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteCounter;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Fixtures;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.StreamTimeouts;
import dev.heddle.io.Streams;
import dev.heddle.io.TlsException;
import dev.heddle.io.internal.BufferPool;
import org.junit.jupiter.api.Test;

/** TLS in the middle of a conversation, as after STARTTLS. */
final class TlsUpgradeTest {

    private static final ByteStreamAction[] USES = {
            stream -> stream.read(new byte[1]),
            stream -> stream.readLine(10),
            ByteStream::fill,
            stream -> stream.write("x"),
            ByteStream::closeOutput
    };

    private interface ByteStreamAction {
        void run(ByteStream stream);
    }

    private static void withPair(PairBody body) {
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                body.run(pair.left(), pair.right());
            }
            assertEquals(0, BufferPool.current().borrowed());
            assertEquals(0, TlsBuffers.current().borrowed());
        });
    }

    private interface PairBody {
        void run(ByteStream client, ByteStream server) throws Exception;
    }

    private static void startTlsServer(ByteStream plain) {
        plain.write("220 ready\r\n");
        assertEquals("STARTTLS", plain.readLine(100).orElseThrow());
        plain.write("220 go ahead\r\n");
        try (ByteStream secure = Tls.upgradeServer(plain, SERVER_TLS)) {
            secure.write("hello " + secure.readLine(100).orElseThrow() + "\r\n");
        }
    }

    @Test
    void conversationGoesOnUnderTls() {
        withPair((client, server) -> {
            Heddle.spawn(() -> startTlsServer(server));
            assertEquals("220 ready", client.readLine(100).orElseThrow());
            client.write("STARTTLS\r\n");
            assertEquals("220 go ahead", client.readLine(100).orElseThrow());

            try (ByteStream secure = Tls.upgradeClient(client, "localhost", CLIENT_TLS)) {
                secure.write("secret\r\n");
                assertEquals("hello secret", secure.readLine(100).orElseThrow());
                assertEquals(-1, secure.read(new byte[1]));
            }
        });
    }

    @Test
    void bytesBeforeTheHandshakeAreRefusedByTheServer() {
        withPair((client, server) -> {
            client.write("STARTTLS\r\nRCPT TO:<injected>\r\n");
            server.readLine(100);

            var e = assertThrows(TlsException.class, () -> Tls.upgradeServer(server, SERVER_TLS));

            assertTrue(e.getMessage().startsWith("20 bytes came from " + server.remoteAddress() + " in plain"),
                    e.getMessage());
            assertFalse(server.isOpen());
        });
    }

    @Test
    void bytesBeforeTheHandshakeAreRefusedByTheClient() {
        withPair((client, server) -> {
            server.write("220 go ahead\r\n250 injected\r\n");
            client.readLine(100);

            assertThrows(TlsException.class, () -> Tls.upgradeClient(client, "localhost", CLIENT_TLS));

            assertFalse(client.isOpen());
        });
    }

    @Test
    void oldStreamRefusesAllButClosing() {
        withPair((client, server) -> {
            MemoryStreams.Pair secure = TlsFixture.secure(
                    new MemoryStreams.Pair(client, server), CLIENT_TLS, SERVER_TLS);

            for (ByteStreamAction use : USES) {
                var e = assertThrows(ClosedException.class, () -> use.run(client));
                assertTrue(e.getMessage().contains("goes on under TLS"), e.getMessage());
            }
            assertThrows(ClosedException.class, () -> Tls.upgradeClient(client, "localhost", CLIENT_TLS));
            secure.left().write("ok");
            assertEquals("ok", Fixtures.text(secure.right().readExactly(2)));
            client.close();
            assertThrows(ClosedException.class, () -> secure.left().write("x"));
            secure.close();
        });
    }

    @Test
    void streamThatATaskReadsOrWritesIsBusyAndStaysAsItWas() {
        withPair((client, server) -> {
            Task<byte[]> reader = Heddle.spawn(() -> client.readExactly(1));
            Task<Void> writer = Heddle.spawn(() -> server.write(new byte[1_000_000]));
            Fixtures.letOthersRun();

            assertThrows(BusyException.class, () -> Tls.upgradeServer(server, SERVER_TLS));
            assertEquals(1, reader.join().length);

            assertEquals(999_999, client.readExactly(999_999).length);
            writer.join();
            Task<byte[]> waits = Heddle.spawn(() -> client.readExactly(1));
            Fixtures.letOthersRun();
            assertThrows(BusyException.class, () -> Tls.upgradeClient(client, "localhost", CLIENT_TLS));
            server.write("x");
            assertEquals(1, waits.join().length);
        });
    }

    @Test
    void closedStreamIsNotUpgraded() {
        withPair((client, server) -> {
            client.close();

            Action upgrade = () -> Tls.upgradeClient(client, "localhost", CLIENT_TLS);
            assertThrows(ClosedException.class, upgrade::run);
        });
    }

    @Test
    void failedUpgradeClosesTheConnection() {
        withPair((client, server) -> {
            Task<?> upgrade = Heddle.spawn(
                    () -> assertThrows(TlsException.class, () -> Tls.upgradeClient(client, "localhost", CLIENT_TLS)));
            server.fill();
            server.write("this is no TLS at all\r\n");
            upgrade.join();

            assertFalse(client.isOpen());
        });
    }

    @Test
    void streamThatWasUpgradedIsNotWrapped() {
        withPair((client, server) -> {
            Task<ByteStream> upgrading = Heddle.spawn(() -> Tls.upgradeServer(server, SERVER_TLS));
            try (ByteStream secure = Tls.upgradeClient(client, "localhost", CLIENT_TLS)) {
                assertThrows(ClosedException.class, () -> Streams.metered(client, new ByteCounter()));
                assertThrows(ClosedException.class, () -> Streams.staple(secure, client));

                secure.write("x");
                try (ByteStream peer = upgrading.join()) {
                    assertEquals(1, peer.readExactly(1).length);
                }
            }
        });
    }

    @Test
    void whatWasAgreedOnIsKnownThroughWrappersToo() {
        withPair((client, server) -> {
            Task<ByteStream> upgrading = Heddle.spawn(() -> Tls.upgradeServer(server, SERVER_TLS));
            ByteStream secure = Tls.upgradeClient(client, "localhost", CLIENT_TLS);
            try (ByteStream wrapped = Streams.withTimeouts(
                    Streams.metered(secure, new ByteCounter()), StreamTimeouts.NONE);
                    ByteStream peer = upgrading.join()) {
                assertEquals(TlsVersion.TLS_1_3, Tls.session(wrapped).orElseThrow().version());
                assertTrue(Tls.session(peer).isPresent());
            }
        });
    }
}
