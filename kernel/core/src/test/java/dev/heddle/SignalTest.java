package dev.heddle;

import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What Ctrl-C and SIGTERM do to a program, seen from outside. */
@DisabledOnOs(OS.WINDOWS)
final class SignalTest {

    @Test
    void firstSignalCancelsTheMainTaskAndItsCleanUpRuns() throws Exception {
        for (String name : new String[]{"INT", "TERM"}) {
            try (ChildJvm child = ChildJvm.start(Graceful.class)) {
                child.awaitLine("ready");
                child.signal(name);
                child.awaitLine("cleaned up after SIG" + name);
                assertEquals(0, child.exitCode());
            }
        }
    }

    @Test
    void secondSignalEndsTheProcessAtOnceWithTheCodeOfTheSignal() throws Exception {
        for (String[] signal : new String[][]{{"INT", "130"}, {"TERM", "143"}}) {
            try (ChildJvm child = ChildJvm.start(Stubborn.class)) {
                child.awaitLine("ready");
                child.signal(signal[0]);
                child.awaitLine("cleaning up");
                child.signal(signal[0]);
                assertEquals(Integer.parseInt(signal[1]), child.exitCode());
            }
        }
    }

    @Test
    @Tag("full")
    void programWhoseMainTaskDoesNotListenEndsAfterItsShutdownTimeoutAndNamesIt() throws Exception {
        try (ChildJvm child = ChildJvm.start(Deaf.class)) {
            child.awaitLine("ready");
            child.signal("TERM");
            String rest = child.rest();
            assertTrue(rest.contains("loop ended, but these tasks ignore their cancel and are left behind"), rest);
            assertTrue(rest.contains("task main"), rest);
            assertEquals(143, child.exitCode());
        }
    }

    @Test
    void programThatLetsTheCancelPassEndsWithTheCodeOfTheSignalAndNoStackTrace() throws Exception {
        for (String[] signal : new String[][]{{"INT", "130"}, {"TERM", "143"}}) {
            try (ChildJvm child = ChildJvm.start(Plain.class)) {
                child.awaitLine("ready");
                child.signal(signal[0]);
                assertEquals("cleaned\n", child.rest());
                assertEquals(Integer.parseInt(signal[1]), child.exitCode());
            }
        }
    }

    @Test
    @Tag("full")
    void exitWaitsForTheCleanUpOfOtherRuns() throws Exception {
        try (ChildJvm child = ChildJvm.start(RunsThatCleanUp.class)) {
            child.awaitLine("ready");
            child.awaitLine("ready");
            child.signal("TERM");
            assertEquals("cleaned by a task\ncleaned by a loop\n", child.rest());
            assertEquals(143, child.exitCode());
        }
    }

    @Test
    @Tag("full")
    void signalIsNotLostOnAMainTaskThatReturnsAllTheSame() throws Exception {
        for (Class<?> program : List.of(Returns.class, ClosesAPool.class, Resists.class)) {
            try (ChildJvm child = ChildJvm.start(program)) {
                child.awaitLine("ready");
                child.signal("TERM");
                assertEquals("", child.rest());
                assertEquals(143, child.exitCode(), program::getName);
            }
        }
    }

    @Test
    @Tag("full")
    void hangUpCleansUpAsASignalToEndDoes() throws Exception {
        try (ChildJvm child = ChildJvm.start(Plain.class)) {
            child.awaitLine("ready");
            child.signal("HUP");
            assertEquals("cleaned\n", child.rest());
            assertEquals(129, child.exitCode());
        }
    }

    @Test
    @Tag("full")
    void hangUpThatIsSentTwiceDoesNotCutTheCleanUpShort() throws Exception {
        try (ChildJvm child = ChildJvm.start(Patient.class)) {
            child.awaitLine("ready");
            child.signal("TERM");
            child.awaitLine("cleaning up");
            child.signal("HUP");
            child.awaitLine("cleaned up");
            assertEquals(143, child.exitCode());
        }
    }

    @Test
    @Tag("full")
    void cleanUpThatFailsIsToldAndEndsTheProcessWhateverElseLivesInIt() throws Exception {
        try (ChildJvm child = ChildJvm.start(FailsCleaningUp.class)) {
            child.awaitLine("ready");
            child.signal("TERM");
            String rest = child.rest();
            assertTrue(rest.contains("IllegalStateException: not clean"), rest);
            assertEquals(1, child.exitCode());
        }
    }

    @Test
    void afterASignalOtherExceptionsAreToldAsEver() throws Exception {
        try (ChildJvm child = ChildJvm.start(FailsAfterwards.class)) {
            child.awaitLine("ready");
            child.signal("INT");
            String rest = child.rest();
            assertTrue(rest.contains("IllegalStateException: something else"), rest);
            assertEquals(1, child.exitCode());
        }
    }

    @Test
    @Tag("full")
    void bothRunsOfAProgramAreCancelled() throws Exception {
        try (ChildJvm child = ChildJvm.start(TwoRuns.class)) {
            child.awaitLine("ready");
            child.awaitLine("ready");
            child.signal("INT");
            child.awaitLine("cleaned");
            child.awaitLine("cleaned");
            assertEquals(0, child.exitCode());
        }
    }

    @Test
    void afterTheLastRunSignalsDoWhatTheyDidBefore() throws Exception {
        try (ChildJvm child = ChildJvm.start(AfterRun.class)) {
            child.awaitLine("ended");
            child.signal("INT");
            String rest = child.rest();
            assertEquals(130, child.exitCode());
            assertTrue(rest.contains("shutdown hook"), rest);
        }
    }

    @Test
    void runThatWantsNoSignalsLeavesThemAlone() throws Exception {
        try (ChildJvm child = ChildJvm.start(WithoutSignals.class)) {
            child.awaitLine("ready");
            child.signal("TERM");
            String rest = child.rest();
            assertEquals(143, child.exitCode());
            assertFalse(rest.contains("cleaned"), rest);
        }
    }

    static final class Graceful {
        public static void main(String[] args) {
            try {
                run(() -> {
                    try {
                        System.out.println("ready");
                        sleep(ofHours(1));
                    } finally {
                        shield(() -> sleep(ofMillis(10)));
                    }
                });
            } catch (CancelledException e) {
                System.out.println("cleaned up after " + e.getMessage());
            }
        }
    }

    static final class Stubborn {
        public static void main(String[] args) {
            run(() -> {
                try {
                    System.out.println("ready");
                    sleep(ofHours(1));
                } finally {
                    System.out.println("cleaning up");
                    shield(() -> sleep(ofHours(1)));
                }
            });
        }
    }

    static final class Deaf {
        public static void main(String[] args) {
            run(Config.DEFAULT.withShutdownTimeout(ofMillis(100)), () -> {
                System.out.println("ready");
                new CompletableFuture<>().join();
            });
        }
    }

    static final class Plain {
        public static void main(String[] args) {
            run(() -> {
                try {
                    System.out.println("ready");
                    sleep(ofHours(1));
                } finally {
                    System.out.println("cleaned");
                }
            });
        }
    }

    static final class RunsThatCleanUp {
        public static void main(String[] args) {
            new Thread(() -> run(Config.DEFAULT.withLoops(2), () -> {
                Loop other = Heddle.currentLoop().siblings().getLast();
                other.spawn(() -> cleanUp(ofMillis(600), "a loop"));
                System.out.println("ready");
                cleanUp(ofMillis(300), "a task");
            })).start();
            run(() -> {
                System.out.println("ready");
                sleep(ofHours(1));
            });
        }

        private static void cleanUp(Duration takes, String who) {
            try {
                sleep(ofHours(1));
            } finally {
                shield(() -> sleep(takes));
                System.out.println("cleaned by " + who);
            }
        }
    }

    static final class Returns {
        public static void main(String[] args) {
            new Thread(() -> new CompletableFuture<>().join()).start(); // as a child process keeps the JVM
            System.out.println(Heddle.<String>run(() -> Heddle.offload(() -> {
                System.out.println("ready");
                try {
                    Thread.sleep(ofHours(1));
                } catch (InterruptedException e) {
                    return "a result";
                }
                return "never";
            })));
        }
    }

    static final class ClosesAPool {
        public static void main(String[] args) {
            run(() -> {
                try (WorkerPool pool = WorkerPool.of(1)) {
                    pool.submit(() -> {
                        System.out.println("ready");
                        Thread.sleep(ofHours(1));
                        return "never";
                    });
                }
            });
        }
    }

    static final class Resists {
        public static void main(String[] args) {
            run(() -> {
                try {
                    System.out.println("ready");
                    sleep(ofHours(1));
                } catch (CancelledException e) {
                    // As if nothing were.
                }
            });
        }
    }

    static final class Patient {
        public static void main(String[] args) {
            run(() -> {
                try {
                    System.out.println("ready");
                    sleep(ofHours(1));
                } finally {
                    System.out.println("cleaning up");
                    shield(() -> sleep(ofMillis(500)));
                    System.out.println("cleaned up");
                }
            });
        }
    }

    static final class FailsCleaningUp {
        public static void main(String[] args) {
            new Thread(() -> new CompletableFuture<>().join()).start();
            run(() -> {
                try {
                    System.out.println("ready");
                    sleep(ofHours(1));
                } catch (CancelledException e) {
                    throw new IllegalStateException("not clean");
                }
            });
        }
    }

    static final class FailsAfterwards {
        public static void main(String[] args) {
            try {
                run(() -> {
                    System.out.println("ready");
                    sleep(ofHours(1));
                });
            } catch (CancelledException e) {
                throw new IllegalStateException("something else");
            }
        }
    }

    static final class TwoRuns {
        public static void main(String[] args) {
            Runnable program = () -> {
                try {
                    run(() -> {
                        System.out.println("ready");
                        sleep(ofHours(1));
                    });
                } catch (CancelledException e) {
                    System.out.println("cleaned");
                }
            };
            new Thread(program).start();
            program.run();
        }
    }

    static final class AfterRun {
        public static void main(String[] args) throws InterruptedException {
            run(() -> sleep(ofMillis(1)));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("shutdown hook")));
            System.out.println("ended");
            Thread.sleep(60_000);
        }
    }

    static final class WithoutSignals {
        public static void main(String[] args) {
            run(Config.DEFAULT.withSignals(false), () -> {
                try {
                    System.out.println("ready");
                    sleep(ofHours(1));
                } finally {
                    System.out.println("cleaned");
                }
            });
        }
    }
}
