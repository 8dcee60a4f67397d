package dev.heddle.conformance;

import static dev.heddle.conformance.SubprocessFixture.message;
import static dev.heddle.conformance.SubprocessFixture.ready;
import static dev.heddle.conformance.SubprocessFixture.sh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.ExitStatus;
import dev.heddle.engine.Stdio;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of processes that are talked to, signalled, cancelled and closed. */
interface SubprocessEndContract extends SubprocessFixture {

    SubprocessOptions PIPED = SubprocessOptions.PIPED;

    @Test
    default void processIsTalkedToLineByLine() {
        run(() -> {
            try (Subprocess cat = Subprocess.start("cat")) {
                for (String line : new String[]{"one", "two", "three"}) {
                    cat.stdin().write(line + "\n");
                    assertEquals(line, cat.stdout().readLine(100).orElseThrow());
                }
                assertTrue(cat.status().isEmpty());

                cat.stdin().closeOutput();

                assertTrue(cat.stdout().readLine(100).isEmpty());
                assertEquals(ExitStatus.exited(0), cat.await());
                assertEquals(ExitStatus.exited(0), cat.status().orElseThrow());
            }
        });
    }

    @Test
    default void streamsThatAreNoPipesAreRefusedInWords() {
        run(() -> {
            try (Subprocess process = Subprocess.start(PIPED.withStdin(Stdio.DISCARD), "true")) {
                IllegalStateException e = assertThrows(IllegalStateException.class, process::stdin);
                assertTrue(message(e).contains("is no pipe but DISCARD"), message(e));
                assertThrows(IllegalStateException.class, process::stderr);
                assertThrows(IllegalStateException.class, () -> process.stdout().write("x"));
            }
        });
    }

    @Test
    default void cancellingEndsTheProcessAndReturnsWhenItIsGone() {
        run(() -> {
            long children = ProcessHandle.current().children().count();

            assertFalse(Heddle.moveOnAfter(Duration.ofMillis(20), () -> {
                Subprocess.run("sleep", "100");
            }));

            assertEquals(children, ProcessHandle.current().children().count());
        });
    }

    @Test
    default void processThatDoesNotEndWhenAskedIsKilledAfterTheGrace() {
        run(() -> {
            Subprocess process = ready(
                    PIPED.withGrace(Duration.ofMillis(20)), "trap '' TERM; echo ready; exec sleep 100");

            process.close();

            assertEquals(128 + 9, process.status().orElseThrow().code());
            assertFalse(SubprocessFixture.isInTable(process.pid()));
        });
    }

    @Test
    @Tag("full") // three quarters of a shutdown timeout pass
    default void processIsKilledBeforeItsRunIsOverHoweverLongItsGraceIs() {
        List<String> told = new CopyOnWriteArrayList<>();
        Config config = Config.DEFAULT
                .withEngine(this::newEngine)
                .withShutdownTimeout(Duration.ofSeconds(4))
                .withFailureHandler((what, failure) -> told.add(what));
        Heddle.run(config, () -> {
            Subprocess process = ready(
                    PIPED.withGrace(Duration.ofMinutes(1)), "trap '' TERM; echo ready; exec sleep 100");
            Heddle.currentLoop().spawn(() -> {
                try (process) {
                    process.await();
                }
            });
            Heddle.checkpoint();
        });
        assertEquals(List.of(), told);
    }

    @Test
    default void processThatCleansUpWhenAskedIsGivenItsTime() {
        run(() -> {
            Subprocess process = ready(
                    PIPED.withGrace(Duration.ofSeconds(30)),
                    "trap 'head -c 1000000 /dev/zero; exit 7' TERM; echo ready; while :; do sleep 0.01; done");

            process.close();

            assertEquals(ExitStatus.exited(7), process.status().orElseThrow());
        });
    }

    @Test
    default void terminateAsksAndKillDoesNot() {
        run(() -> {
            try (Subprocess asked = Subprocess.start("sleep", "100");
                    Subprocess killed = Subprocess.start("sleep", "100")) {
                asked.terminate();
                killed.kill();

                assertEquals(128 + 15, asked.await().code());
                assertEquals(128 + 9, killed.await().code());
                assertEquals(tellsSignals(), killed.await().isKilled());
            }
        });
    }

    @Test
    default void stoppedProcessIsEndedToo() {
        run(() -> {
            try (Subprocess process = ready(PIPED.withGrace(Duration.ofMillis(20)), "echo ready; exec sleep 100")) {
                Subprocess.run("kill", "-STOP", Long.toString(process.pid())).check();
            }
        });
    }

    @Test
    default void signalsAreSentByNameWhereTheEngineCan() {
        run(() -> {
            try (Subprocess process = ready(
                    PIPED, "trap 'echo hup' HUP; trap 'exit 5' USR1; echo ready; while :; do sleep 0.01; done")) {
                if (!knowsGroupsAndSignals()) {
                    assertThrows(UnsupportedOperationException.class, () -> process.signal("HUP"));
                    return;
                }
                process.signal("HUP");
                assertEquals("hup", process.stdout().readLine(100).orElseThrow());
                assertThrows(IllegalArgumentException.class, () -> process.signal(999));
                process.signal("SIGUSR1");
                assertEquals(ExitStatus.exited(5), process.await());
                assertThrows(IllegalArgumentException.class, () -> process.signal("NOSUCH"));
            }
        });
    }

    @Test
    default void signalAfterTheEndDoesNothing() {
        run(() -> {
            Subprocess process = Subprocess.start("true");
            process.await();
            process.kill();
            process.terminate();
            assertEquals(ExitStatus.exited(0), process.await());
            process.close();
            process.kill();
            process.close();
            assertEquals(ExitStatus.exited(0), process.status().orElseThrow());
        });
    }

    @Test
    default void severalTasksAwaitTheEnd() {
        run(() -> {
            try (Subprocess process = Subprocess.start("cat")) {
                Task<ExitStatus> first = Heddle.spawn(() -> process.await());
                Task<ExitStatus> second = Heddle.spawn(() -> process.await());
                Fixtures.letOthersRun();

                process.stdin().close();

                assertEquals(ExitStatus.exited(0), first.join());
                assertEquals(ExitStatus.exited(0), second.join());
            }
        });
    }

    @Test
    default void cancelledAwaitLeavesTheProcessRunning() {
        run(() -> {
            try (Subprocess process = Subprocess.start("cat")) {
                Task<ExitStatus> waiting = Heddle.spawn(() -> process.await());
                Fixtures.letOthersRun();
                waiting.cancel("enough");
                assertThrows(TaskCancelledException.class, waiting::join);

                process.stdin().write("still here\n");

                assertEquals("still here", process.stdout().readLine(100).orElseThrow());
            }
        });
    }

    @Test
    default void whatTheBodyThrowsComesOutOfABlockThatEndsTheProcess() {
        run(() -> {
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> {
                try (Subprocess process = Subprocess.start("sleep", "100")) {
                    throw new IllegalStateException("pid " + process.pid());
                }
            });
            assertEquals(0, thrown.getSuppressed().length);
        });
    }

    @Test
    default void groupEndsAsAWhole() {
        run(() -> {
            SubprocessOptions options = PIPED.withOwnGroup(true);
            if (!knowsGroupsAndSignals()) {
                assertThrows(UnsupportedOperationException.class, () -> Subprocess.start(options, "true"));
                return;
            }
            long grandchild;
            try (Subprocess process = Subprocess.start(options, sh("sleep 100 & echo $!; wait"))) {
                grandchild = Long.parseLong(process.stdout().readLine(100).orElseThrow());
            }
            SubprocessFixture.awaitGone(grandchild);

            Subprocess.Result result = Subprocess.run(
                    SubprocessOptions.DEFAULT.withOwnGroup(true).withDrain(Duration.ZERO),
                    sh("sleep 100 & echo $!; exit 3"));
            assertEquals(3, result.code());
            SubprocessFixture.awaitGone(Long.parseLong(result.text().strip()));
        });
    }

    @Tag("full")
    @Test
    default void killTakesAllThatIsBelowInItsSession() {
        run(() -> {
            Subprocess process = Subprocess.start(PIPED, sh(
                    "timeout 100 sleep 100 & echo $!; sh -c 'sleep 100 & echo $!; wait' & wait"));
            long child = Long.parseLong(process.stdout().readLine(100).orElseThrow());
            long grandchild = Long.parseLong(process.stdout().readLine(100).orElseThrow());
            process.kill();
            assertEquals(128 + 9, process.await().code());
            SubprocessFixture.awaitGone(child);
            SubprocessFixture.awaitGone(grandchild);
            process.close();
        });
    }

    @Tag("full")
    @Test
    default void cancelTakesWhatDoesNotEndWhenAsked() {
        run(() -> {
            long[] child = new long[1];
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(10), () -> {
                try (Subprocess process = Subprocess.start(PIPED.withGrace(Duration.ofMillis(20)), sh(
                        "trap '' TERM; sleep 100 & echo $!; wait; wait"))) {
                    child[0] = Long.parseLong(process.stdout().readLine(100).orElseThrow());
                    CancelScope.current().cancel("as a deadline does");
                    process.await();
                }
            }));
            SubprocessFixture.awaitGone(child[0]);
        });
    }

    @Tag("full")
    @Test
    default void detachedProcessOutlivesItsHandleAndSignalsReachOnlyIt() {
        run(() -> {
            SubprocessOptions options = PIPED.withDetached(true);
            if (!knowsGroupsAndSignals()) {
                assertThrows(UnsupportedOperationException.class, () -> Subprocess.start(options, "true"));
                return;
            }
            ProcessHandle detached;
            try (Subprocess process = Subprocess.start(options, "sleep", "100")) {
                detached = ProcessHandle.of(process.pid()).orElseThrow();
            }
            assertTrue(detached.isAlive());
            detached.destroyForcibly();
            SubprocessFixture.awaitGone(detached.pid());

            try (Subprocess process = Subprocess.start(options, sh("sleep 100 & echo $!; wait"))) {
                detached = ProcessHandle.of(Long.parseLong(process.stdout().readLine(100).orElseThrow())).orElseThrow();
                process.kill();
                assertEquals(128 + 9, process.await().code());
            }
            assertTrue(detached.isAlive());
            detached.destroyForcibly();
            SubprocessFixture.awaitGone(detached.pid());
        });
    }

    @Test
    default void manyProcessesLeaveNeitherZombiesNorDescriptors() {
        run(() -> {
            Subprocess.run("true");
            long descriptors = LeftoverCheck.openDescriptors();
            long children = ProcessHandle.current().children().count();
            int cycles = Integer.getInteger("heddle.process.cycles", 200);
            for (int i = 0; i < cycles; i++) {
                Subprocess.run("true").check();
            }

            LeftoverCheck.awaitDescriptors(descriptors);
            assertEquals(children, ProcessHandle.current().children().count());
        });
    }
}
