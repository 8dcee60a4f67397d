package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract of a connection that was just accepted: an engine may begin to watch it as late as at its first wait, and
 * misses nothing that came before.
 */
interface FirstReadContract extends EngineFixture {

    /** A test over both ends of a connection, the accepted one not yet looked at. */
    interface FreshBody {
        void run(Transport client, Transport server) throws Exception;
    }

    @Test
    default void bytesThatCameBeforeTheAcceptAreRead() {
        withFresh("request", (client, server) -> assertEquals("request", next(server)));
    }

    @Test
    default void bytesThatComeBetweenTheFirstLookAndTheWaitAreNotMissed() {
        withFresh("", (client, server) -> {
            assertEquals(0, server.tryRead(ByteBuffer.allocateDirect(16)));
            send(client, "late");
            letOthersRun();
            server.awaitReadable();
            assertEquals("late", next(server));
        });
    }

    @Test
    default void bytesThatComeBehindAShortFirstReadAreNotMissed() {
        withFresh("first", (client, server) -> {
            assertEquals("first", next(server));
            send(client, "second");
            letOthersRun();
            server.awaitReadable();
            assertEquals("second", next(server));
        });
    }

    @Test
    default void readsThatNeverWaitFindWhatComesBehindAShortOne() {
        withFresh("first", (client, server) -> {
            assertEquals("first", next(server));
            send(client, "second");
            var target = ByteBuffer.allocateDirect(64);
            for (int i = 0; target.position() < 6 && i < 5_000; i++) {
                server.tryRead(target);
                Heddle.sleep(Duration.ofMillis(1));
            }
            assertEquals("second", StandardCharsets.UTF_8.decode(target.flip()).toString());
        });
    }

    @Test
    default void waitThatIsTheFirstCallSeesWhatIsThere() {
        withFresh("there", (client, server) -> {
            server.awaitReadable();
            assertEquals("there", next(server));
            server.awaitWritable();
        });
    }

    @Test
    default void firstReadMayTakeLessThanIsThere() {
        withFresh("abcdef", (client, server) -> {
            var room = ByteBuffer.allocateDirect(4);
            while (room.hasRemaining()) {
                if (server.tryRead(room) == 0) {
                    server.awaitReadable();
                }
            }
            assertEquals("ef", next(server));
        });
    }

    @Test
    default void endThatCameWithTheFirstBytesIsRead() {
        withFresh("all", (client, server) -> {
            client.shutdownOutput();
            letOthersRun();
            assertEquals("all", next(server));
            assertEquals("", next(server));
            send(server, "answer");
            assertEquals("answer", next(client));
        });
    }

    @Test
    default void writerThatIsTheFirstToWaitGoesOn() {
        withFresh("", (client, server) -> Heddle.group(g -> {
            int count = 8 * 1024 * 1024;
            g.spawn(() -> new ByteStream(server).write(new byte[count]));
            letOthersRun();
            assertEquals(count, new ByteStream(client).readExactly(count).length);
        }));
    }

    @Test
    default void cancelledFirstWaitLeavesTheConnectionWhole() {
        withFresh("", (client, server) -> Heddle.group(g -> {
            Task<Void> waiting = g.spawn(server::awaitReadable);
            letOthersRun();
            waiting.cancel("enough");
            letOthersRun();
            send(client, "after");
            assertEquals("after", next(server));
        }));
    }

    @Test
    default void connectionsThatEndBeforeTheyWaitLeaveTheirDescriptorsToOthers() {
        withAcceptor(acceptor -> {
            for (int i = 0; i < 30; i++) {
                String mine = "request " + i;
                fresh(acceptor, mine, (client, server) -> {
                    assertEquals(mine, next(server));
                    server.close();
                    assertEquals("", next(client));
                });
            }
            fresh(acceptor, "", (client, server) -> {
                assertEquals(0, server.tryRead(ByteBuffer.allocateDirect(16)));
                send(client, "the last");
                server.awaitReadable();
                assertEquals("the last", next(server));
            });
        });
    }

    @Test
    default void closeOfAConnectionThatWasNeverLookedAtIsSeenByItsPeer() {
        withFresh("", (client, server) -> {
            server.close();
            assertEquals("", next(client));
        });
    }

    @Test
    default void connectionThatMayBeDeferredComesWithItsFirstBytes() {
        withDeferring(acceptor -> fresh(acceptor, "hello", (client, server) -> assertEquals("hello", next(server))));
    }

    /** It takes a second where the system defers. */
    @Test
    @Tag("full")
    default void silentConnectionComesThoughItMayBeDeferred() {
        withDeferring(acceptor -> {
            try (Transport client = EngineFixture.engine().connect(acceptor.localAddress());
                    Transport server = acceptor.accept()) {
                send(server, "you first");
                assertEquals("you first", next(client));
            }
        });
    }

    private void withDeferring(AcceptorBody body) {
        run(() -> {
            try (Acceptor acceptor = EngineFixture.engine()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            ListenOptions.DEFAULT.withDeferAccept(true))) {
                body.run(acceptor);
            }
        });
    }

    private void withFresh(String request, FreshBody body) {
        withAcceptor(acceptor -> fresh(acceptor, request, body));
    }

    /** Connects, sends, and accepts only then. */
    private static void fresh(Acceptor acceptor, String request, FreshBody body) throws Exception {
        try (Transport client = EngineFixture.engine().connect(acceptor.localAddress())) {
            send(client, request);
            letOthersRun();
            try (Transport server = acceptor.accept()) {
                body.run(client, server);
            }
        }
    }

    private static void send(Transport transport, String text) {
        var source = StandardCharsets.UTF_8.encode(text);
        while (source.hasRemaining()) {
            if (transport.tryWrite(source) == 0) {
                transport.awaitWritable();
            }
        }
    }

    /** What is there next, the empty text for the end. */
    private static String next(Transport transport) {
        var target = ByteBuffer.allocateDirect(64);
        int count;
        while ((count = transport.tryRead(target)) == 0) {
            transport.awaitReadable();
        }
        assertTrue(count == -1 || count == target.position());
        return StandardCharsets.UTF_8.decode(target.flip()).toString();
    }
}
