package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.io.LimitExceededException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A child JVM runs a body to its end, a signal or a kill. */
@LeavesNothing
final class ProcessTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private static final ProcessOptions QUIET = ProcessOptions.DEFAULT
            .withOutput(WorkerOutput.DROPPED)
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx64m");

    private static JvmProcess child(RemoteAction body) {
        return JvmProcess.spawn(QUIET, body);
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    private static void awaitOne(SharedLongs flag) throws InterruptedException {
        Jvm.awaitTrue("the child has begun", () -> flag.get(0) == 1);
    }

    // ---- the body ----

    @Test
    void bodyRunsInAnotherJvmWithTheValuesItHasCaptured() {
        int n = 7;
        try (SharedLongs result = SharedLongs.create(2)) {
            try (JvmProcess child = child(() -> {
                result.set(0, n * 6);
                result.set(1, ownPid());
            })) {
                assertEquals(0, child.join());
                assertEquals(42, result.get(0));
                assertEquals(child.pid(), result.get(1));
                assertNotEquals(ownPid(), child.pid());
            }
        }
    }

    @Test
    void whatItThrowsIsPrintedAndItsExitCodeIsOne() {
        List<String> lines = new CopyOnWriteArrayList<>();
        ProcessOptions options = QUIET.withName("bad")
                .withOutput((name, error, line) -> lines.add(name + (error ? " err " : " out ") + line));
        try (JvmProcess child = JvmProcess.spawn(options, () -> {
            throw new IllegalStateException("bad luck");
        })) {
            assertEquals(1, child.join());
            assertEquals(
                    "bad err Exception in bad (process " + child.pid() + ") java.lang.IllegalStateException: bad luck",
                    lines.getFirst());
            assertTrue(lines.stream().anyMatch(line -> line.contains("ProcessTest")), lines.toString());
        }
    }

    /** Can be made in one process only. */
    private record Local(long pid) {
        Local {
            if (pid != ownPid()) {
                throw new IllegalStateException("not in another process");
            }
        }
    }

    @Test
    void outputThatFailsKeepsNobodyWaiting() {
        Local local = new Local(ownPid());
        List<String> lines = new CopyOnWriteArrayList<>();
        ProcessOptions options = QUIET.withOutput((name, error, line) -> {
            lines.add(line);
            throw new IllegalStateException("no paper");
        });
        JvmProcess child = JvmProcess.spawn(options, () -> System.exit((int) local.pid()));
        assertEquals(OptionalInt.of(1), child.joinWithin(Duration.ofSeconds(20)));
        assertTrue(lines.stream().anyMatch(line -> line.contains("not in another process")), lines.toString());
        assertTrue(lines.size() > 1, lines.toString());
        child.close();
    }

    @Test
    void outputThatWaitsForItsOwnChildIsRefusedAndTheLogHasItOnce() throws InterruptedException {
        Local local = new Local(ownPid());
        var printed = new CompletableFuture<JvmProcess>();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<LogRecord> told = new CopyOnWriteArrayList<>();
        ProcessOptions options = QUIET.withName("loud")
                .withJvmArguments("-showversion", "-Xmx64m")
                .withOutput((name, error, line) -> {
                    assertThrows(IllegalStateException.class, printed.join()::close);
                    threads.add(Thread.currentThread().getName());
                    printed.join().join();
                });
        Logger log = Logger.getLogger("dev.heddle");
        log.setFilter(entry -> !told.add(entry));
        try {
            JvmProcess child = JvmProcess.spawn(options, () -> System.exit((int) local.pid()));
            printed.complete(child);
            assertEquals(OptionalInt.of(1), child.joinWithin(Duration.ofSeconds(20)));
            // what it prints, and why its body could not begin
            Jvm.awaitTrue("both were told", () -> threads.equals(Set.of("loud", "loud stderr")));
        } finally {
            log.setFilter(null);
        }
        assertEquals(1, told.size());
        assertTrue(told.getFirst().getMessage().startsWith("the output of loud has failed"));
        assertTrue(told.getFirst().getThrown().getMessage().contains("cannot be joined by its own output"));
    }

    @Test
    @Tag("full")
    void exitCodesAreToldAsTheyAre() {
        List<JvmProcess> children = new ArrayList<>();
        for (int code : List.of(0, 7, 255)) {
            children.add(child(() -> System.exit(code)));
        }
        assertEquals(List.of(0, 7, 255), children.stream().map(JvmProcess::join).toList());
    }

    @Test
    @Tag("full")
    void childEndsAfterItsLastThreadThatIsNoDaemon() {
        try (SharedLongs done = SharedLongs.create(1);
                JvmProcess child = child(() -> Thread.ofPlatform().start(() -> {
                    try {
                        Thread.sleep(300);
                    } catch (InterruptedException e) {
                        return;
                    }
                    done.set(0, 1);
                }))) {
            assertEquals(0, child.join());
            assertEquals(1, done.get(0));
        }
    }

    @Test
    @Tag("full")
    void scopedValuesThatAreNamedGoAlong() throws Exception {
        ProcessOptions options = QUIET.withContext(() -> USER);
        int code = ScopedValue.where(USER, "ann")
                .call(() -> JvmProcess.spawn(options, () -> System.exit(USER.get().length())).join());
        assertEquals(3, code);
    }

    @Test
    @Tag("full")
    void childHasChildrenOfItsOwn() {
        try (JvmProcess child = child(() -> {
            try (JvmProcess grandChild = child(() -> System.exit(21))) {
                System.exit(2 * grandChild.join());
            }
        })) {
            assertEquals(42, child.join());
        }
    }

    @Test
    @Tag("full")
    void loopsOtherTasksGoOn() {
        run(() -> {
            List<String> order = new ArrayList<>();
            Task<Void> other = spawn(() -> {
                order.add("other task");
            });
            try (JvmProcess child = child(() -> {})) {
                child.join();
                order.add("child");
            }
            other.join();
            assertEquals(List.of("other task", "child"), order);
        });
    }

    // ---- what is refused ----

    @Test
    void bodyThatCannotTravelStartsNothing() {
        Thread thread = Thread.currentThread();
        long before = ProcessHandle.current().children().count();
        CannotTravelException e = assertThrows(CannotTravelException.class, () -> child(() -> thread.isAlive()));
        assertTrue(e.getMessage().contains("java.lang.Thread"), e.getMessage());
        assertEquals(before, ProcessHandle.current().children().count());
    }

    @Test
    void processCannotTravelAndSoCannotJoinItself() {
        try (JvmProcess child = child(() -> {})) {
            assertThrows(CannotTravelException.class, () -> child(() -> child.join()));
        }
    }

    @Test
    void bodyThatIsTooLongIsRefused() {
        byte[] big = new byte[10_000];
        assertThrows(LimitExceededException.class, () -> JvmProcess.spawn(QUIET.withMaxBytes(5_000), () -> {
            System.exit(big.length);
        }));
    }

    @Test
    void jvmThatDoesNotStartTellsWhy() {
        List<String> lines = new CopyOnWriteArrayList<>();
        ProcessOptions options = QUIET.withJvmArguments("-XX:+NoSuchFlag")
                .withOutput((name, error, line) -> lines.add(line));
        try (JvmProcess child = JvmProcess.spawn(options, () -> {})) {
            assertEquals(1, child.join());
            assertTrue(lines.getFirst().contains("NoSuchFlag"), lines.toString());
        }
    }

    // ---- the end ----

    @Test
    @Tag("full")
    void joiningAgainGivesTheSameAndAnEndedChildIsNotAlive() {
        JvmProcess child = child(() -> System.exit(5));
        assertEquals(5, child.join());
        assertEquals(5, child.join());
        assertEquals(OptionalInt.of(5), child.joinWithin(Duration.ZERO));
        assertEquals(OptionalInt.of(5), child.exitCode());
        assertFalse(child.isAlive());
        assertEquals(child.name() + " (process " + child.pid() + ", exit code 5)", child.toString());
        child.terminate();
        child.kill();
        child.close();
        child.close();
        assertEquals(5, child.join());
    }

    @Test
    void killedChildHasTheNumberOfTheSignal() throws InterruptedException {
        try (SharedLongs begun = SharedLongs.create(1);
                JvmProcess killed = child(() -> endless(begun))) {
            awaitOne(begun);
            assertEquals(OptionalInt.empty(), killed.exitCode());
            assertTrue(killed.isAlive());
            killed.kill();
            assertEquals(137, killed.join());
        }
    }

    @Test
    @Tag("full")
    void terminatedChildRunsItsShutdownHooks() throws InterruptedException {
        try (SharedLongs begun = SharedLongs.create(1);
                SharedLongs hooked = SharedLongs.create(1);
                JvmProcess child = child(() -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> hooked.set(0, 1)));
                    endless(begun);
                })) {
            awaitOne(begun);
            child.terminate();
            assertEquals(143, child.join());
            assertEquals(1, hooked.get(0));
        }
    }

    private static void endless(SharedLongs begun) {
        begun.set(0, 1);
        while (begun.get(0) != 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void childThatIsKilledBeforeItsBodyBeginsHasEnded() {
        JvmProcess child = child(() -> Thread.sleep(60_000));
        child.kill();
        assertEquals(137, child.join());
    }

    @Test
    void joinWithinGivesUpAndLeavesTheChildRunning() {
        JvmProcess child = child(() -> Thread.sleep(60_000));
        assertEquals(OptionalInt.empty(), child.joinWithin(Duration.ofMillis(20)));
        assertTrue(child.isAlive());
        child.kill();
        child.close();
    }

    @Test
    void cancelledJoinLeavesTheChildRunning() {
        run(() -> {
            JvmProcess child = child(() -> Thread.sleep(60_000));
            assertFalse(moveOnAfter(Duration.ofMillis(20), () -> {
                child.join();
            }));
            assertTrue(child.isAlive());
            child.kill();
            assertEquals(137, child.join());
        });
    }

    @Test
    @Tag("full")
    void cancelledCloseTerminatesTheChild() throws InterruptedException {
        try (SharedLongs begun = SharedLongs.create(1)) {
            JvmProcess child = child(() -> endless(begun));
            awaitOne(begun);
            run(() -> {
                assertFalse(moveOnAfter(Duration.ofMillis(20), () -> {
                    child.close();
                    dev.heddle.Heddle.checkpoint();
                }));
                assertEquals(OptionalInt.of(143), child.exitCode());
            });
        }
    }

    @Test
    @Tag("full")
    void cancelledCloseKillsAfterTheGrace() throws InterruptedException {
        try (SharedLongs begun = SharedLongs.create(1)) {
            JvmProcess child = JvmProcess.spawn(QUIET.withGrace(Duration.ofMillis(50)), () -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> endless(begun)));
                endless(begun);
            });
            awaitOne(begun);
            run(() -> moveOnAfter(Duration.ofMillis(20), child::close));
            assertEquals(OptionalInt.of(137), child.exitCode());
        }
    }

    @Test
    void interruptedThreadInCloseTerminatesAndStaysInterrupted() {
        JvmProcess child = child(() -> Thread.sleep(60_000));
        Thread.currentThread().interrupt();
        child.close();
        assertTrue(Thread.interrupted());
        assertFalse(child.isAlive());
    }

    @Test
    void secondInterruptInCloseKillsAndTheEndIsAwaitedAllTheSame() throws Exception {
        try (SharedLongs begun = SharedLongs.create(1); SharedLongs ending = SharedLongs.create(1)) {
            JvmProcess child = JvmProcess.spawn(QUIET.withGrace(Duration.ofMinutes(1)), () -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> endless(ending)));
                endless(begun);
            });
            awaitOne(begun);
            var interrupted = new CompletableFuture<Boolean>();
            Thread closing = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                try {
                    child.close();
                    interrupted.complete(Thread.interrupted());
                } catch (RuntimeException e) {
                    interrupted.completeExceptionally(e);
                }
            });
            awaitOne(ending);
            closing.interrupt();
            assertTrue(interrupted.get(20, TimeUnit.SECONDS));
            assertEquals(OptionalInt.of(137), child.exitCode());
        }
    }

    @Test
    void cancelledSpawnLeavesNoProcess() throws InterruptedException {
        long before = ProcessHandle.current().children().count();
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancelledException.class, () -> child(() -> Thread.sleep(60_000)));
        } finally {
            Thread.interrupted();
        }
        Jvm.awaitTrue("no process", () -> ProcessHandle.current().children().count() <= before);
    }

    @Test
    void childrenAreThoseThatLive() {
        JvmProcess first = child(() -> Thread.sleep(60_000));
        JvmProcess second = child(() -> Thread.sleep(60_000));
        assertEquals(List.of(first, second), JvmProcess.children());
        first.kill();
        first.join();
        assertEquals(List.of(second), JvmProcess.children());
        second.kill();
        second.join();
        assertEquals(List.of(), JvmProcess.children());
    }

    @Test
    @Tag("full")
    void namesAreGivenOrByNumber() {
        try (JvmProcess named = JvmProcess.spawn(QUIET.withName("reader"), () -> {});
                JvmProcess other = child(() -> {})) {
            assertEquals("reader", named.name());
            assertTrue(other.name().matches("child-\\d+"), other.name());
        }
    }
}
