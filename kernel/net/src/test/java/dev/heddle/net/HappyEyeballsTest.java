package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ConnectFailedException.Phase;
import dev.heddle.net.ScriptedNetwork.Attempt;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses of a name are tried with head starts, and the first that answers wins. */
final class HappyEyeballsTest {

    private static final String SIX = "2001:db8:0:0:0:0:0:1";
    private static final String OTHER_SIX = "2001:db8:0:0:0:0:0:2";
    private static final String FOUR = "192.0.2.1";
    private static final String OTHER_FOUR = "192.0.2.2";

    private final ScriptedNetwork network = new ScriptedNetwork();

    @Test
    void firstAddressAloneIsTriedWhenItAnswersQuickly() {
        network.host("h", SIX, FOUR).answers(SIX, 100).answers(FOUR, 0);

        network.run(() -> Tcp.connect("h", 80));

        assertEquals(List.of(new Attempt(SIX, 0)), network.attempts);
        assertEquals(1, network.openConnections());
    }

    @Test
    void eachAddressHasAHeadStartOverTheNext() {
        network.host("h", SIX, FOUR, OTHER_FOUR).swallows(SIX).swallows(FOUR).answers(OTHER_FOUR, 10);

        network.run(() -> Tcp.connect("h", 80));

        assertEquals(
                List.of(new Attempt(SIX, 0), new Attempt(FOUR, 250), new Attempt(OTHER_FOUR, 500)), network.attempts);
    }

    @Test
    void eachAddressHasItsPartOfATimeThatIsShorterThanTheHeadStarts() {
        network.host("h", SIX, FOUR, OTHER_FOUR).swallows(SIX).swallows(FOUR).answers(OTHER_FOUR, 10);

        network.run(() -> Tcp.connect("h", 80, ConnectOptions.DEFAULT.withTimeout(Duration.ofMillis(150))));

        assertEquals(
                List.of(new Attempt(SIX, 0), new Attempt(FOUR, 50), new Attempt(OTHER_FOUR, 100)), network.attempts);
    }

    @Test
    void callersDeadlineShortensTheHeadStartsToo() {
        network.host("h", SIX, FOUR).swallows(SIX).answers(FOUR, 10);

        network.run(() -> Heddle.timeout(Duration.ofMillis(100), () -> Tcp.connect("h", 80)));

        assertEquals(List.of(new Attempt(SIX, 0), new Attempt(FOUR, 50)), network.attempts);
    }

    @Test
    void failureStartsTheNextAddressAtOnce() {
        network.host("h", SIX, FOUR).refuses(SIX, 20).answers(FOUR, 0);

        network.run(() -> Tcp.connect("h", 80));

        assertEquals(List.of(new Attempt(SIX, 0), new Attempt(FOUR, 20)), network.attempts);
    }

    @Test
    void familiesTakeTurnsBeginningWithTheResolversFirstChoice() {
        network.host("six", SIX, OTHER_SIX, FOUR, OTHER_FOUR)
                .host("four", FOUR, OTHER_FOUR, SIX, OTHER_SIX)
                .refuses(SIX, 0)
                .refuses(OTHER_SIX, 0)
                .refuses(FOUR, 0)
                .refuses(OTHER_FOUR, 0);

        network.run(() -> {
            assertThrows(ConnectFailedException.class, () -> Tcp.connect("six", 80));
            assertThrows(ConnectFailedException.class, () -> Tcp.connect("four", 80));
        });

        assertEquals(
                List.of(SIX, FOUR, OTHER_SIX, OTHER_FOUR, FOUR, SIX, OTHER_FOUR, OTHER_SIX),
                network.attempts.stream().map(Attempt::address).toList());
    }

    @Test
    void oneGoodAddressOfSixIsFound() {
        network.host("h", SIX, OTHER_SIX, "2001:db8::3", FOUR, OTHER_FOUR, "192.0.2.3")
                .swallows(SIX)
                .swallows(OTHER_SIX)
                .refuses("2001:db8::3", 1)
                .refuses(FOUR, 1)
                .refuses(OTHER_FOUR, 1)
                .answers("192.0.2.3", 5);

        network.run(() -> Tcp.connect("h", 80));

        assertEquals(6, network.attempts.size());
        assertEquals(1, network.openConnections());
    }

    @Test
    void blackHoleOfOneFamilyCostsOneHeadStart() {
        network.host("h", SIX, FOUR).swallows(SIX).answers(FOUR, 3);

        network.run(() -> {
            Tcp.connect("h", 80);
            assertEquals(253, network.millis());
        });
    }

    @Test
    void slowFirstAddressStillWinsIfItAnswersFirst() {
        network.host("h", SIX, FOUR).answers(SIX, 300).answers(FOUR, 300);

        network.run(() -> {
            ByteStream stream = Tcp.connect("h", 80);
            assertSame(network.connections.getFirst(), stream.transport());
            assertEquals(300, network.millis());
        });
    }

    @Test
    void secondWinnerIsClosed() {
        network.host("h", SIX, FOUR).answers(FOUR, 0).behaves(SIX, () -> {
            // Like a connect that has committed just when it is cancelled.
            Heddle.shield(() -> Heddle.sleep(Duration.ofMillis(400)));
            return network.connected();
        });

        network.run(() -> {
            ByteStream stream = Tcp.connect("h", 80);
            assertTrue(stream.isOpen());
        });

        assertEquals(2, network.connections.size());
        assertEquals(1, network.openConnections());
    }

    @Test
    void allFailuresAreToldInTheOrderOfTheAttempts() {
        network.host("h", SIX, FOUR, OTHER_FOUR).refuses(SIX, 900).refuses(FOUR, 100).refuses(OTHER_FOUR, 10);

        network.run(() -> {
            var failure = assertThrows(ConnectFailedException.class, () -> Tcp.connect("h", 80));

            assertEquals(Phase.CONNECT, failure.phase());
            assertEquals(
                    List.of(SIX, FOUR, OTHER_FOUR),
                    failure.attempts().stream()
                            .map(attempt -> attempt.address().getAddress().getHostAddress())
                            .toList());
            assertInstanceOf(ConnectException.class, failure.getCause());
            assertEquals(2, failure.getSuppressed().length);
            assertTrue(failure.getMessage().contains("h:80"), failure.getMessage());
            assertTrue(failure.getMessage().contains("192.0.2.2:80 refused by"), failure.getMessage());
        });
    }

    @Test
    void noAnswerInTimeIsAFailureThatNamesTheAddresses() {
        network.host("h", SIX, FOUR).swallows(SIX).refuses(FOUR, 1);

        network.run(() -> {
            var failure = assertThrows(ConnectFailedException.class, () -> Tcp.connect("h", 80));

            assertEquals(Phase.CONNECT, failure.phase());
            assertEquals(30_000, network.millis());
            assertEquals(2, failure.attempts().size());
            assertInstanceOf(DeadlineExceededException.class, failure.attempts().getFirst().failure());
        });
    }

    @Test
    void singleAddressIsBoundedByTheTimeoutToo() {
        network.swallows(FOUR);

        network.run(() -> {
            var options = ConnectOptions.DEFAULT.withTimeout(Duration.ofSeconds(2));
            assertThrows(ConnectFailedException.class, () -> Tcp.connect(FOUR, 80, options));
            assertEquals(2_000, network.millis());
        });
    }

    @Test
    void callersOwnDeadlineStaysADeadline() {
        network.host("h", SIX, FOUR).swallows(SIX).swallows(FOUR);

        network.run(() -> {
            assertThrows(
                    DeadlineExceededException.class,
                    () -> Heddle.timeout(Duration.ofSeconds(1), () -> Tcp.connect("h", 80)));
            assertEquals(1_000, network.millis());
        });
    }

    @Test
    void cancelLeavesNoConnection() {
        network.host("h", SIX, FOUR).swallows(SIX).behaves(FOUR, () -> {
            Heddle.shield(() -> Heddle.sleep(Duration.ofMillis(400)));
            return network.connected();
        });

        network.run(() -> {
            Task<?> connect = Heddle.spawn(() -> Tcp.connect("h", 80));
            Heddle.sleep(Duration.ofMillis(300));
            connect.cancel("enough");
            assertThrows(TaskCancelledException.class, connect::join);
        });

        assertEquals(2, network.attempts.size());
        assertEquals(0, network.openConnections());
    }

    @Test
    void atMostTheBoundOfAddressesIsTriedWithBothFamilies() {
        network.host("h", SIX, OTHER_SIX, FOUR, OTHER_FOUR).refuses(SIX, 0).refuses(FOUR, 0);

        network.run(() -> assertThrows(
                ConnectFailedException.class,
                () -> Tcp.connect("h", 80, ConnectOptions.DEFAULT.withMaxAddresses(2))));

        assertEquals(List.of(SIX, FOUR), network.attempts.stream().map(Attempt::address).toList());
    }

    @Test
    void unknownHostIsAFailureToResolve() {
        network.run(() -> {
            var failure = assertThrows(ConnectFailedException.class, () -> Tcp.connect("nowhere", 80));

            assertEquals(Phase.RESOLVE, failure.phase());
            assertTrue(failure.attempts().isEmpty());
            var cause = assertInstanceOf(ResolveException.class, failure.getCause());
            assertInstanceOf(UnknownHostException.class, cause.getCause());
            assertEquals("nowhere", cause.host());
        });
    }

    @Test
    void silentNameServerIsAFailureToResolve() {
        network.names.put("h", () -> {
            Heddle.sleep(Duration.ofDays(1));
            return List.of();
        });
        network.run(() -> {
            var options = ConnectOptions.DEFAULT.withTimeout(Duration.ofSeconds(3));
            var failure = assertThrows(ConnectFailedException.class, () -> Tcp.connect("h", 80, options));

            assertEquals(Phase.RESOLVE, failure.phase());
            assertEquals(3_000, network.millis());
        });
    }

    @Test
    void unexpectedFailureOfOneAddressDoesNotStopTheOthers() {
        network.host("h", SIX, FOUR).answers(FOUR, 0).behaves(SIX, () -> {
            throw new UnsupportedOperationException("no such family here");
        });

        network.run(() -> {
            Transport transport = Tcp.connect("h", 80).transport();
            assertTrue(transport.isOpen());
        });
    }

    @Test
    void nonsenseIsRefusedBeforeAnythingIsTried() {
        network.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> Tcp.connect("h", 0));
            assertThrows(IllegalArgumentException.class, () -> Tcp.connect("h", 65_536));
            assertThrows(IllegalArgumentException.class, () -> Tcp.connect("", 80));
            assertThrows(IllegalArgumentException.class, () -> Tcp.connect("a b", 80));
            assertThrows(IllegalArgumentException.class, () -> Tcp.connect("a\0b", 80));
        });
        ConnectOptions options = ConnectOptions.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> options.withTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> options.withStagger(Duration.ofMillis(9)));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxAddresses(0));
    }
}
