package dev.heddle.net;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Parts;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A listener serves each connection in a task of its own and survives what fails. */
final class ListenerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<Throwable> reported = new ArrayList<>();
    private final ServeOptions options = ServeOptions.DEFAULT.withOnFailure((what, failure) -> reported.add(failure));

    private ScriptedAcceptor acceptor = new ScriptedAcceptor();
    private Listener listener = new Listener(acceptor);

    private Task<Void> serve(ServeOptions options, StreamHandler handler) {
        return Heddle.spawn(() -> listener.serve(options, handler));
    }

    private static void echo(ByteStream stream) {
        byte[] buffer = new byte[100];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            stream.write(buffer, 0, n);
        }
    }

    private static void assertEchoes(ByteStream peer) {
        peer.write("hello");
        assertEquals("hello", text(peer.readExactly(5)));
    }

    @Test
    void streamsThatNobodyHasAnyMoreAreNotHeldBackByWhoLooks() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 2_000; i++) {
                acceptor.connect();
                listener.accept();
            }
            for (int round = 0; round < 20 && connections() > 200; round++) {
                System.gc();
                acceptor.connect();
                listener.accept();
            }
            assertTrue(connections() <= 200, () -> connections() + " are held back");
        });
    }

    private int connections() {
        return Parts.all().stream()
                .filter(part -> part.get() == listener)
                .map(part -> (Connections.Figures) part.view().orElseThrow().figures())
                .mapToInt(Connections.Figures::connections)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachConnectionIsServedInATaskOfItsOwnAndClosedAfterIt() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options, ListenerTest::echo);
            ByteStream first = acceptor.connect();
            ByteStream second = acceptor.connect();

            assertEchoes(second);
            assertEchoes(first);
            first.closeOutput();
            assertEquals(-1, first.read(new byte[1]));
            second.closeOutput();
            listener.close();
            server.join();
        });
    }

    @Test
    void atTheBoundNothingIsAcceptedUntilAHandlerEnds() {
        ManualEngine.run(() -> {
            serve(options.withMaxConnections(2), ListenerTest::echo);
            ByteStream first = acceptor.connect();
            ByteStream second = acceptor.connect();
            ByteStream third = acceptor.connect();
            assertEchoes(first);
            assertEchoes(second);
            assertEquals(1, acceptor.waiting());

            second.close();

            assertEchoes(third);
            assertEquals(0, acceptor.waiting());
        });
    }

    @Test
    void handlerThatThrowsIsReportedAndItsPeerSeesAReset() {
        IOException failure = new IOException("handler failed");
        ManualEngine.run(() -> {
            serve(options, stream -> {
                if (stream.readLine(10).orElseThrow().equals("fail")) {
                    stream.write("half an ans");
                    throw failure;
                }
                stream.write("fine");
            });
            ByteStream bad = acceptor.connect();
            bad.write("fail\n");
            assertThrows(BrokenException.class, () -> bad.readAll(100));

            ByteStream good = acceptor.connect();
            good.write("work\n");
            assertEquals("fine", text(good.readAll(100)));
        });
        assertEquals(List.of(failure), reported);
    }

    @Test
    void errorInAHandlerDoesNotEndTheServer() {
        ManualEngine.run(() -> {
            serve(options, stream -> {
                throw new StackOverflowError();
            });
            ByteStream first = acceptor.connect();
            assertThrows(BrokenException.class, () -> first.readAll(100));
            ByteStream second = acceptor.connect();
            assertThrows(BrokenException.class, () -> second.readAll(100));
        });
        assertEquals(2, reported.size());
    }

    @Test
    void strayCancelInAHandlerIsAFailureLikeOthers() {
        CancelledException stray = new CancelledException("not mine");
        ManualEngine.run(() -> {
            serve(options, stream -> {
                throw stray;
            });
            ByteStream peer = acceptor.connect();
            assertThrows(BrokenException.class, () -> peer.readAll(100));
            acceptor.connect();
            letOthersRun();
        });
        assertEquals(List.of(stray, stray), reported);
    }

    @Test
    void failureListenerThatThrowsDoesNotEndTheServer() {
        ManualEngine.run(() -> {
            ServeOptions worse = options.withOnFailure((what, failure) -> {
                reported.add(failure);
                throw new IllegalStateException("the listener of failures fails, as this test wants");
            });
            serve(worse, stream -> {
                throw new IOException("handler failed");
            });
            for (int i = 0; i < 2; i++) {
                ByteStream peer = acceptor.connect();
                assertThrows(BrokenException.class, () -> peer.readAll(100));
            }
        });
        assertEquals(2, reported.size());
    }

    @Test
    void acceptErrorsBackOffWithoutSpinningAndTheServerRecovers() {
        ManualEngine.run(() -> {
            BrokenException failure = new BrokenException("Too many open files");
            for (int i = 0; i < 10; i++) {
                acceptor.fail(failure);
            }
            serve(options, ListenerTest::echo);

            assertEchoes(acceptor.connect());

            assertEquals(
                    List.of(0L, 5L, 15L, 35L, 75L, 155L, 315L, 635L, 1_275L, 2_275L, 3_275L, 3_275L),
                    acceptor.askedAtMillis);
            assertEquals(10, reported.size());
            assertSame(failure, reported.getFirst().getCause());
            acceptor.fail(failure);
            assertEchoes(acceptor.connect());
            assertEquals(3_280, ManualEngine.elapsed().toMillis(), "a success makes the rest short again");
        });
    }

    @Test
    void closingStopsAcceptingAndServeWaitsForItsHandlers() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options, ListenerTest::echo);
            ByteStream peer = acceptor.connect();
            assertEchoes(peer);

            listener.close();
            listener.close();

            assertTrue(acceptor.isClosed());
            assertFalse(listener.isOpen());
            letOthersRun();
            assertFalse(server.isDone());
            assertEchoes(peer);
            peer.close();
            server.join();
        });
    }

    @Test
    void closingEndsAServerThatIsFullOrResting() {
        ManualEngine.run(() -> {
            Task<Void> full = serve(options.withMaxConnections(1), ListenerTest::echo);
            ByteStream peer = acceptor.connect();
            assertEchoes(peer);
            listener.close();
            peer.close();
            full.join();

            acceptor = new ScriptedAcceptor();
            listener = new Listener(acceptor);
            acceptor.fail(new BrokenException("Too many open files"));
            Task<Void> resting = serve(options, ListenerTest::echo);
            letOthersRun();
            listener.close();
            resting.join();
            assertEquals(0, ManualEngine.elapsed().toMillis());
        });
    }

    @Test
    void cancelledServerStopsAcceptingAndCancelsItsHandlers() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options, ListenerTest::echo);
            ByteStream peer = acceptor.connect();
            assertEchoes(peer);

            server.cancel("enough");

            assertThrows(TaskCancelledException.class, server::join);
            assertTrue(acceptor.isClosed());
            assertThrows(BrokenException.class, () -> peer.readAll(10));
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void serverThatIsCancelledBeforeItsFirstTurnHasClosedItsListener() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options, ListenerTest::echo);
            server.cancel("at once");
            assertThrows(TaskCancelledException.class, server::join);
            assertTrue(acceptor.isClosed());
        });
    }

    @Test
    void gracefulStopWaitsForHandlersThatEndInTime() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options, stream -> {
                Heddle.sleep(SECOND);
                stream.write("done");
            });
            ByteStream peer = acceptor.connect();
            letOthersRun();

            assertTrue(listener.stop(SECOND.multipliedBy(10)));

            assertEquals(1_000, ManualEngine.elapsed().toMillis());
            assertEquals("done", text(peer.readAll(10)));
            server.join();
        });
    }

    @Test
    void gracefulStopCancelsHandlersAfterTheGraceAndWaitsForTheirCleanUp() {
        boolean[] cleanedUp = new boolean[1];
        ManualEngine.run(() -> {
            Task<Void> server = serve(options, stream -> {
                try {
                    echo(stream);
                } finally {
                    Heddle.shield(() -> Heddle.sleep(SECOND));
                    cleanedUp[0] = true;
                }
            });
            ByteStream peer = acceptor.connect();
            assertEchoes(peer);

            assertFalse(listener.stop(SECOND.multipliedBy(10)));

            assertTrue(cleanedUp[0]);
            assertEquals(11_000, ManualEngine.elapsed().toMillis());
            assertThrows(BrokenException.class, () -> peer.readAll(10));
            server.join();
        });
    }

    @Test
    void stopWithoutGraceCancelsAtOnce() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options, ListenerTest::echo);
            assertEchoes(acceptor.connect());

            assertFalse(listener.stop(Duration.ZERO));

            assertEquals(0, ManualEngine.elapsed().toMillis());
            server.join();
        });
    }

    @Test
    void severalTasksMayStopTheSameServer() {
        ManualEngine.run(() -> {
            serve(options, ListenerTest::echo);
            assertEchoes(acceptor.connect());

            List<Boolean> graceful = Heddle.gather(
                    () -> listener.stop(SECOND), () -> listener.stop(SECOND.multipliedBy(5)));

            assertEquals(List.of(false, true), graceful);
            assertEquals(1_000, ManualEngine.elapsed().toMillis());
        });
    }

    @Test
    void stoppingWhatDoesNotServeJustCloses() {
        ManualEngine.run(() -> {
            assertTrue(listener.stop(SECOND));
            assertTrue(acceptor.isClosed());
            assertThrows(ClosedException.class, () -> listener.accept());
            assertThrows(ClosedException.class, () -> listener.serve(1, ListenerTest::echo));
        });
    }

    @Test
    void secondAcceptIsBusyAndClosingWakesTheFirst() {
        ManualEngine.run(() -> {
            Task<ByteStream> accepting = Heddle.spawn(() -> listener.accept());
            letOthersRun();

            assertThrows(BusyException.class, () -> listener.accept());
            assertThrows(BusyException.class, () -> listener.serve(1, ListenerTest::echo));
            listener.close();
            assertThrows(ClosedException.class, accepting::join);
        });
    }

    @Test
    void cancelledAcceptHasTakenNoConnection() {
        ManualEngine.run(() -> {
            Task<ByteStream> accepting = Heddle.spawn(() -> listener.accept());
            letOthersRun();
            accepting.cancel("enough");
            assertThrows(TaskCancelledException.class, accepting::join);

            ByteStream peer = acceptor.connect();
            try (ByteStream accepted = listener.accept()) {
                assertSame(peer.remoteAddress(), accepted.localAddress());
            }
        });
    }

    @Test
    void listenerTellsItsAddress() {
        ManualEngine.run(() -> {
            assertEquals(7, listener.port());
            assertEquals("127.0.0.1:7", listener.address());
            assertEquals("Listener[127.0.0.1:7]", listener.toString());
        });
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> options.withMaxConnections(0));
        assertThrows(IllegalArgumentException.class, () -> options.withBackoff(new Backoff(Duration.ZERO, SECOND, 0)));
        assertThrows(IllegalArgumentException.class,
                () -> options.withBackoff(new Backoff(SECOND, SECOND.dividedBy(2), 0)));
    }

    @Test
    void peerThatLeavesTasksOfTheHandlerIsNoWarning() {
        List<Level> levels = new ArrayList<>();
        Logger logger = Logger.getLogger("dev.heddle.net");
        Level before = logger.getLevel();
        logger.setLevel(Level.FINE);
        logger.setFilter(entry -> !levels.add(entry.getLevel()));
        try {
            ManualEngine.run(() -> {
                Task<Void> serving = serve(ServeOptions.DEFAULT, stream -> Heddle.gather(() -> {
                    throw new BrokenException("the peer has gone");
                }));
                acceptor.connect();
                letOthersRun();
                serving.cancel();
            });
        } finally {
            logger.setFilter(null);
            logger.setLevel(before);
        }
        assertEquals(List.of(Level.FINE), levels);
    }
}
