package dev.heddle.net;

import static dev.heddle.io.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection that is made again whenever it is lost, with rests that grow. */
final class ReconnectingTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ScriptedNetwork network = new ScriptedNetwork();
    private final List<ByteStream> peers = new ArrayList<>();
    private final List<Long> triedAtMillis = new ArrayList<>();
    private final List<String> states = new ArrayList<>();
    private int refusals;

    private final Reconnecting link = new Reconnecting(
            this::connect,
            Backoff.DEFAULT.withDelays(SECOND, SECOND.multipliedBy(8)),
            state -> states.add(state.getClass().getSimpleName())).withMaxFailures(6);

    private ByteStream connect() {
        triedAtMillis.add(network.millis());
        if (refusals > 0) {
            refusals--;
            throw new BrokenException("refused");
        }
        MemoryStreams.Pair pair = MemoryStreams.pair();
        peers.add(pair.right());
        return pair.left();
    }

    private void run(Action body) {
        network.random = (1 << 20) - 1;
        network.run(body);
    }

    private static void readAll(ByteStream stream) {
        for (String line : stream.lines(100)) {
            stream.write("heard " + line + "\n");
        }
    }

    @Test
    void lostConnectionIsMadeAgain() {
        run(() -> {
            Task<Void> running = Heddle.spawn(() -> link.run(ReconnectingTest::readAll));
            letOthersRun();
            assertInstanceOf(Reconnecting.Connected.class, link.state());
            peers.getFirst().abort();
            letOthersRun();
            assertInstanceOf(Reconnecting.Resting.class, link.state());
            Heddle.sleep(SECOND);

            peers.getLast().write("hello\n");
            assertEquals("heard hello", peers.getLast().readLine(100).orElseThrow());

            assertEquals(2, peers.size());
            running.cancel();
            assertThrows(TaskCancelledException.class, running::join);
            assertEquals(-1, readToTheEnd(peers.getLast()));
            assertEquals(
                    List.of("Connecting", "Connected", "Resting", "Connecting", "Connected", "Stopped"), states);
        });
    }

    private static int readToTheEnd(ByteStream peer) {
        try {
            return peer.read(new byte[1]);
        } catch (BrokenException e) {
            return -1;
        }
    }

    @Test
    void restsGrowWithEachFailureInARow() {
        run(() -> {
            refusals = 5;
            Task<Void> running = Heddle.spawn(() -> link.run(ReconnectingTest::readAll));
            Heddle.sleep(SECOND.multipliedBy(60));

            List<Long> seconds = triedAtMillis.stream().map(millis -> Math.round(millis / 1000.0)).toList();
            assertEquals(List.of(0L, 1L, 3L, 7L, 15L, 23L), seconds);
            running.cancel();
        });
    }

    @Test
    void connectionThatLivedLongMakesTheNextRestShortAgain() {
        run(() -> {
            refusals = 4;
            Task<Void> running = Heddle.spawn(() -> link.run(ReconnectingTest::readAll));
            Heddle.sleep(SECOND.multipliedBy(60));
            peers.getLast().close();
            letOthersRun();
            long lostAt = network.millis();
            Heddle.sleep(SECOND.multipliedBy(2));

            assertEquals(1_000, triedAtMillis.getLast() - lostAt, 2);
            running.cancel();
        });
    }

    @Test
    void connectionsThatEndAtOnceDoNotMakeItSpin() {
        run(() -> {
            Task<Void> running = Heddle.spawn(() -> link.run(stream -> {}));
            Heddle.sleep(SECOND.multipliedBy(60));

            assertTrue(peers.size() <= 11, "connected " + peers.size() + " times in a minute");
            assertFalse(running.isDone(), "only failures are counted for giving up");
            running.cancel();
        });
    }

    @Test
    void itGivesUpAfterTooManyFailuresInARow() {
        run(() -> {
            refusals = 100;
            assertThrows(BrokenException.class, () -> link.run(ReconnectingTest::readAll));
            assertEquals(6, triedAtMillis.size());
            assertInstanceOf(Reconnecting.Stopped.class, link.state());
        });
    }

    @Test
    void mistakeOfTheBodyEndsIt() {
        run(() -> {
            assertThrows(IllegalStateException.class, () -> link.run(stream -> {
                throw new IllegalStateException("a mistake");
            }));
            assertThrows(TaskFailedException.class, () -> link.run(stream -> {
                throw new IOException("of a file");
            }));
            assertEquals(2, peers.size());
            peers.forEach(peer -> assertThrows(BrokenException.class, () -> peer.readAll(10)));
        });
    }

    @Test
    void stopEndsItAfterTheBodyOrAtOnceWhereItRests() {
        run(() -> {
            Task<Void> running = Heddle.spawn(() -> link.run(ReconnectingTest::readAll));
            letOthersRun();
            assertThrows(BusyException.class, () -> link.run(ReconnectingTest::readAll));
            link.stop();
            letOthersRun();
            assertFalse(running.isDone());
            peers.getLast().close();
            running.join();
            assertEquals(0, network.millis());

            refusals = 1;
            Task<Void> resting = Heddle.spawn(() -> link.run(ReconnectingTest::readAll));
            letOthersRun();
            link.stop();
            resting.join();
            assertEquals(0, network.millis());
        });
    }

    @Test
    void hostIsTriedAgainUntilItAnswers() {
        network.refuses("10.0.0.1", 0);
        run(() -> {
            Reconnecting host = Tcp.reconnecting("10.0.0.1", 80, Backoff.DEFAULT.withDelays(SECOND, SECOND))
                    .withOnState(state -> states.add(state.toString()));
            Task<Void> running = Heddle.spawn(() -> host.run(ReconnectingTest::readAll));
            Heddle.sleep(SECOND.multipliedBy(3));
            network.answers("10.0.0.1", 0);
            Heddle.sleep(SECOND.multipliedBy(2));

            assertInstanceOf(Reconnecting.Connected.class, host.state());
            assertEquals(1, network.openConnections());
            assertTrue(states.get(1).contains("refused by 10.0.0.1"), states.get(1));
            running.cancel();
            assertThrows(TaskCancelledException.class, running::join);
            assertEquals(0, network.openConnections());
        });
    }

    @Test
    void stopEndsAnAttemptToConnectAtOnceAndNoBodyRuns() {
        run(() -> {
            Reconnecting slow = new Reconnecting(() -> {
                Heddle.sleep(SECOND.multipliedBy(10));
                return connect();
            }, Backoff.DEFAULT);
            Task<Void> running = Heddle.spawn(() -> slow.run(ReconnectingTest::readAll));
            letOthersRun();

            slow.stop();
            running.join();

            assertEquals(0, network.millis());
            assertTrue(peers.isEmpty());
            assertInstanceOf(Reconnecting.Stopped.class, slow.state());
        });
    }

    @Test
    void connectionThatIsMadeDespiteAStopIsClosedAndNoBodyRuns() {
        run(() -> {
            Reconnecting deaf = new Reconnecting(() -> Heddle.shield(() -> {
                Heddle.sleep(SECOND);
                return connect();
            }), Backoff.DEFAULT);
            Task<Void> running = Heddle.spawn(() -> deaf.run(stream -> {
                throw new IllegalStateException("the body runs");
            }));
            letOthersRun();

            deaf.stop();
            running.join();

            assertEquals(-1, readToTheEnd(peers.getFirst()));
        });
    }

    @Test
    void timeThatConnectingTakesIsNoLifeOfTheConnection() {
        run(() -> {
            Reconnecting slow = new Reconnecting(() -> {
                Heddle.sleep(SECOND.multipliedBy(3));
                return connect();
            }, Backoff.DEFAULT.withDelays(SECOND, SECOND.multipliedBy(2))).withMaxFailures(3);

            assertThrows(BrokenException.class, () -> slow.run(stream -> {
                throw new BrokenException("lost at once");
            }));
            assertEquals(3, peers.size());
        });
    }

    @Test
    void oneThatWouldNeverRestIsRefused() {
        Backoff none = Backoff.DEFAULT.withDelays(Duration.ZERO, SECOND);
        assertThrows(IllegalArgumentException.class, () -> new Reconnecting(this::connect, none));
        assertThrows(IllegalArgumentException.class, () -> link.withMaxFailures(0));
    }

    @Test
    void connectionThatIsLostToTasksOfTheBodyIsMadeAgain() {
        run(() -> {
            Task<Void> running = Heddle.spawn(() -> link.run(stream -> Heddle.group(g -> {
                g.spawn(() -> readAll(stream));
                Heddle.sleep(SECOND.multipliedBy(100));
            })));
            letOthersRun();
            peers.getFirst().abort();
            letOthersRun();
            Heddle.sleep(SECOND);
            assertEquals(2, peers.size());
            running.cancel();
        });
    }

    @Test
    void mistakeBesideALostConnectionEndsIt() {
        run(() -> {
            assertThrows(GroupException.class, () -> link.run(stream -> Heddle.gather(() -> {
                throw new BrokenException("lost");
            }, () -> {
                throw new IllegalStateException("a mistake");
            })));
            assertEquals(1, peers.size());
        });
    }
}
