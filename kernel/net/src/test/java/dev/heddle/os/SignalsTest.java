package dev.heddle.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Stdio;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Fixtures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Signals of the system that tasks wait for. WINCH and URG do nothing to a process that does not ask for them. */
final class SignalsTest {

    private static final Signal WINCH = new Signal("WINCH");
    private static final Signal URG = new Signal("URG");

    private static void kill(String signal) {
        Subprocess.run("kill", "-" + signal, Long.toString(ProcessHandle.current().pid())).check();
    }

    @Test
    void signalOfTheSystemWakesTheTaskThatWaits() {
        Heddle.run(() -> {
            try (Signals signals = Signals.receive("WINCH", "SIGURG")) {
                Task<String> waiting = Heddle.spawn(() -> signals.take());
                Fixtures.letOthersRun();

                kill("URG");

                assertEquals("URG", waiting.join());
                assertEquals(Optional.empty(), signals.tryTake());
            }
        });
    }

    @Test
    void eachOfManySignalsArrives() {
        Heddle.run(() -> {
            try (Signals signals = Signals.receive("WINCH")) {
                for (int i = 0; i < 200; i++) {
                    Signal.raise(WINCH);
                    assertEquals("WINCH", signals.take());
                }
            }
        });
    }

    @Test
    void loopsReceiveTheirOwnSignals() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(2);
        List<Thread> threads = new ArrayList<>();
        List<String> taken = Collections.synchronizedList(new ArrayList<>());
        for (String name : List.of("WINCH", "URG")) {
            threads.add(Thread.ofPlatform().start(() -> Heddle.run(() -> {
                try (Signals signals = Signals.receive(name)) {
                    ready.countDown();
                    taken.add(signals.take());
                }
            })));
        }
        assertTrue(ready.await(10, TimeUnit.SECONDS));
        Signal.raise(URG);
        Signal.raise(WINCH);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of("URG", "WINCH"), taken.stream().sorted().toList());
    }

    @Test
    void signalsThatNobodyWaitsForAreKeptInTheirOrderAndCountOnce() {
        Heddle.run(() -> {
            try (Signals signals = Signals.receive("WINCH", "URG")) {
                signals.arrived(URG);
                signals.arrived(WINCH);
                signals.arrived(URG);

                assertEquals("URG", signals.take());
                assertEquals(Optional.of("WINCH"), signals.tryTake());
                assertEquals(Optional.empty(), signals.tryTake());
            }
        });
    }

    @Test
    void busySignalDoesNotStarveAnother() {
        Heddle.run(() -> {
            try (Signals signals = Signals.receive("WINCH", "URG")) {
                signals.arrived(WINCH);
                signals.arrived(URG);
                assertEquals("WINCH", signals.take());
                signals.arrived(WINCH);
                assertEquals("URG", signals.take());
            }
        });
    }

    @Test
    void cancelledTakeHasTakenNothing() {
        Heddle.run(() -> {
            try (Signals signals = Signals.receive("WINCH")) {
                Task<String> waiting = Heddle.spawn(() -> signals.take());
                Fixtures.letOthersRun();
                waiting.cancel("enough");
                assertThrows(TaskCancelledException.class, waiting::join);

                signals.arrived(WINCH);

                assertEquals("WINCH", signals.take());
            }
        });
    }

    @Test
    void cancelThatComesWithTheSignalLosesNothing() {
        Heddle.run(() -> {
            try (Signals signals = Signals.receive("WINCH")) {
                Task<String> waiting = Heddle.spawn(() -> signals.take());
                Fixtures.letOthersRun();

                signals.arrived(WINCH);
                waiting.cancel("late");

                boolean taken = waiting.awaitOutcome() instanceof Outcome.Success<?>;
                assertEquals(taken ? Optional.empty() : Optional.of("WINCH"), signals.tryTake());
            }
        });
    }

    @Test
    void oneWaitsAtATime() {
        Heddle.run(() -> {
            try (Signals signals = Signals.receive("WINCH")) {
                Task<String> waiting = Heddle.spawn(() -> signals.take());
                Fixtures.letOthersRun();

                assertThrows(BusyException.class, signals::take);

                signals.arrived(WINCH);
                assertEquals("WINCH", waiting.join());
            }
        });
    }

    @Test
    void closingEndsTheWaitAndTheIteration() {
        Heddle.run(() -> {
            Signals signals = Signals.receive("WINCH");
            List<String> seen = new ArrayList<>();
            Task<Void> iterating = Heddle.spawn(() -> signals.forEach(seen::add));
            signals.arrived(WINCH);
            Fixtures.letOthersRun();
            assertFalse(iterating.isDone());

            signals.close();
            signals.close();

            iterating.join();
            assertEquals(List.of("WINCH"), seen);
            assertThrows(ClosedException.class, signals::take);
            signals.arrived(WINCH);
            assertEquals(Optional.empty(), signals.tryTake());
        });
    }

    @Test
    void threadOutsideOfLoopsReceivesToo() {
        try (Signals signals = Signals.receive("WINCH")) {
            Signal.raise(WINCH);
            assertEquals("WINCH", signals.take());
        }
    }

    @Test
    void secondReceiverOfASignalIsRefusedUntilTheFirstIsClosed() {
        try (Signals first = Signals.receive("WINCH")) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> Signals.receive("URG", "WINCH"));
            assertTrue(e.getMessage().contains("WINCH"), e.getMessage());
            Signals.receive("URG").close();
            assertEquals("the signals WINCH", first.toString());
        }
        Signals.receive("WINCH", "WINCH").close();
    }

    @Test
    void signalsThatCannotBeReceivedAreRefusedInWords() {
        for (String name : List.of("KILL", "STOP", "SEGV", "QUIT", "USR2", "BUS", "FPE", "ILL")) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> Signals.receive("WINCH", name), name);
            assertTrue(e.getMessage().contains("keeps it for itself"), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> Signals.receive("NOSUCH"));
        assertThrows(IllegalArgumentException.class, Signals::receive);
        Signals.receive("WINCH").close();
    }

    @Test
    void handlerOfBeforeIsRestored() throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        SignalHandler before = Signal.handle(WINCH, signal -> heard.countDown());
        try {
            Signals.receive("WINCH").close();
            Signal.raise(WINCH);
            assertTrue(heard.await(10, TimeUnit.SECONDS));
        } finally {
            Signal.handle(WINCH, before);
        }
    }

    @Test
    void handlerThatSomebodyHasSetSinceStays() {
        SignalHandler before;
        SignalHandler later = signal -> {};
        try (Signals signals = Signals.receive("WINCH")) {
            before = Signal.handle(WINCH, later);
            assertTrue(signals.tryTake().isEmpty());
        }
        assertInstanceOf(SignalHandler.class, before);
        assertEquals(later, Signal.handle(WINCH, SignalHandler.SIG_DFL));
    }

    /** A run takes TERM to cancel its main task; a receiver takes it from it for as long as it is open. */
    static final class Child {
        public static void main(String[] args) {
            Heddle.run(() -> {
                try (Signals signals = Signals.receive("TERM")) {
                    System.out.println("ready");
                    System.out.println("took " + signals.take());
                    System.out.println("took " + signals.take());
                }
                System.out.println("closed");
                try {
                    Heddle.sleep(Duration.ofSeconds(60));
                } finally {
                    System.out.println("cancelled");
                }
            });
        }
    }

    @Test
    void runGetsItsSignalBackWhenTheReceiverIsClosed() {
        Heddle.run(() -> {
            try (Subprocess child = JavaChild.start(SubprocessOptions.PIPED.withStderr(Stdio.DISCARD), Child.class)) {
                ByteStream out = child.stdout();
                assertEquals("ready", out.readLine(100).orElseThrow());
                child.terminate();
                assertEquals("took TERM", out.readLine(100).orElseThrow());
                child.terminate();
                assertEquals("took TERM", out.readLine(100).orElseThrow());
                assertEquals("closed", out.readLine(100).orElseThrow());
                child.terminate();
                assertEquals("cancelled", out.readLine(100).orElseThrow());
            }
        });
    }
}
