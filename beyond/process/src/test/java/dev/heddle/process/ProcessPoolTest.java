package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.Parts;
import dev.heddle.trace.TraceContext;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A pool of child JVMs gives results in order or as they come, and replaces workers. */
final class ProcessPoolTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    /** Each process has its own. */
    private static int counter;

    private static final ProcessPoolOptions QUIET = ProcessPoolOptions.DEFAULT
            .withOutput(WorkerOutput.DROPPED)
            .withGrace(Duration.ofMillis(100))
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx128m");

    private static ProcessPool pool(int workers) {
        return ProcessPool.of(QUIET.withWorkers(workers));
    }

    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    private static int endless() {
        int i = 0;
        while (true) {
            i++;
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    // ---- work ----

    @Test
    void bodyRunsInAnotherProcessWithTheValuesItHasCaptured() {
        int n = 20;
        List<String> words = List.of("a", "b");
        try (ProcessPool pool = pool(1)) {
            assertEquals(6765, pool.call(() -> fib(n)));
            assertEquals("ab", pool.call(() -> String.join("", words)));
            assertNotEquals(pid(), pool.call(() -> pid()));
        }
    }

    @Test
    void tasksWaitForItWhileOthersRun() {
        run(() -> {
            try (ProcessPool pool = pool(1)) {
                List<Long> both = dev.heddle.Heddle.gather(() -> pool.call(() -> fib(10)),
                        () -> pool.call(() -> fib(11)));
                assertEquals(List.of(55L, 89L), both);
            }
        });
    }

    @Test
    void staticFieldsAreEachProcessesOwnAndLast() {
        try (ProcessPool pool = pool(1)) {
            assertEquals(1, pool.call(() -> ++counter));
            assertEquals(2, pool.call(() -> ++counter));
            assertEquals(0, counter);
        }
    }

    @Test
    @Tag("full")
    void mapGivesResultsInOrderWhateverTheChunks() {
        List<Integer> items = IntStream.range(0, 100).boxed().toList();
        List<Integer> squares = items.stream().map(i -> i * i).toList();
        try (ProcessPool pool = pool(2)) {
            assertEquals(squares, pool.map(items, i -> i * i));
            assertEquals(squares, pool.map(items, 1, i -> i * i));
            assertEquals(squares, pool.map(items, 1000, i -> i * i));
            assertEquals(List.of(), pool.map(List.<Integer>of(), i -> i * i));
        }
    }

    @Test
    @Tag("full")
    void imapGivesResultsInOrderAndImapUnorderedAllOfThem() {
        List<Integer> items = IntStream.range(0, 20).boxed().toList();
        try (ProcessPool pool = pool(2)) {
            List<Integer> ordered = new ArrayList<>();
            pool.imap(items, i -> -i).forEach(ordered::add);
            assertEquals(items.stream().map(i -> -i).toList(), ordered);
            Set<Integer> unordered = new HashSet<>();
            pool.imapUnordered(items, i -> i).forEach(unordered::add);
            assertEquals(new HashSet<>(items), unordered);
        }
    }

    @Test
    @Tag("full")
    void itIsAnExecutorService() throws Exception {
        try (ProcessPool pool = pool(2)) {
            Future<Long> future = pool.submit(() -> fib(10));
            assertEquals(55, future.get());
            List<RemoteCallable<Long>> bodies = List.of(() -> fib(5), () -> fib(6));
            List<Long> all = new ArrayList<>();
            for (Future<Long> each : pool.invokeAll(bodies)) {
                all.add(each.get());
            }
            assertEquals(List.of(5L, 8L), all);
            assertTrue(List.of(5L, 8L).contains(pool.invokeAny(bodies)));
        }
    }

    @Test
    @Tag("full")
    void callbacksAreChainedToItsResults() {
        try (ProcessPool pool = pool(1)) {
            assertEquals(56, pool.supplyAsync(() -> fib(10)).thenApply(n -> n + 1).join());
            CompletionException e = assertThrows(
                    CompletionException.class, () -> pool.supplyAsync(() -> failing()).join());
            assertEquals("bad luck", e.getCause().getMessage());
            CompletableFuture<Integer> endless = pool.supplyAsync(() -> endless());
            assertTrue(endless.cancel(true));
            assertEquals(4, pool.supplyAsync(() -> 4).join());
        }
    }

    @Test
    void bodyThatAFutureOfTheJdkHasWrappedIsRefusedWithTheWayThatGoes() {
        try (ProcessPool pool = pool(1)) {
            CannotTravelException e = assertThrows(CannotTravelException.class,
                    () -> CompletableFuture.supplyAsync(() -> 1, pool));
            assertTrue(e.getMessage().endsWith("give the body to ProcessPool.supplyAsync"), e.getMessage());
            CannotTravelException other = assertThrows(CannotTravelException.class, () -> pool.execute(() -> {}));
            assertTrue(other.getMessage().contains("RemoteAction"), other.getMessage());
        }
    }

    @Test
    void scopedValuesThatAreNamedGoAlong() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withContext(() -> USER))) {
            assertEquals("ann", ScopedValue.where(USER, "ann").call(() -> pool.call(() -> USER.get())));
            assertFalse(pool.call(() -> USER.isBound()));
        }
    }

    @Test
    @Tag("full")
    void traceGoesAlongUnasked() throws Exception {
        TraceContext trace = TraceContext.begin(true);
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
            assertEquals(trace, trace.call(() -> pool.call(() -> TraceContext.current().orElseThrow())));
            assertTrue(pool.call(() -> TraceContext.current().isEmpty()));
        }
    }

    @Test
    @Tag("full")
    void initializerRunsInEachWorkerFirst() {
        try (ProcessPool pool = ProcessPool
                .of(QUIET.withWorkers(1).withBodiesPerWorker(1).withInitializer(() -> counter = 10))) {
            assertEquals(11, pool.call(() -> ++counter));
            assertEquals(11, pool.call(() -> ++counter));
        }
    }

    @Test
    @Tag("full")
    void workerIsReplacedAfterItsNumberOfBodies() {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withBodiesPerWorker(2))) {
            List<Long> pids = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                pids.add(pool.call(() -> pid()));
            }
            assertEquals(pids.get(0), pids.get(1));
            assertEquals(pids.get(2), pids.get(3));
            assertNotEquals(pids.get(0), pids.get(2));
        }
    }

    @Test
    @Tag("full")
    void collectorOfTheUsersReplacesOurs() {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withJvmArguments("-XX:+UseParallelGC"))) {
            assertTrue(pool.call(() -> java.lang.management.ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .anyMatch(each -> each.getName().startsWith("PS "))));
        }
    }

    @Test
    @Tag("full")
    void statisticsAfterACallHaveCountedIt() {
        try (ProcessPool pool = pool(2)) {
            for (int done = 1; done <= 300; done++) {
                pool.call(() -> 1);
                ProcessPoolStatistics now = pool.statistics();
                assertEquals(done, now.done());
                assertEquals(0, now.busy() + now.queued());
            }
        }
    }

    // ---- failures ----

    @Test
    void whatABodyThrowsArrivesAsTheSameExceptionWithTheWorkersStackAsItsCause() {
        try (ProcessPool pool = pool(1)) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> pool.call(() -> failing()));
            assertEquals("bad luck", e.getMessage());
            Throwable there = e.getCause();
            assertTrue(there.getMessage().startsWith("in process-1 (process "), there.getMessage());
            assertEquals("failing", there.getStackTrace()[0].getMethodName());
            assertInstanceOf(ArithmeticException.class, there.getCause());
            assertEquals(1, pool.call(() -> 1));
        }
    }

    private static int failing() {
        throw new IllegalStateException("bad luck", new ArithmeticException("why"));
    }

    private static String inAGroup() {
        Heddle.run(() -> Heddle.group(g -> {
            Task<Void> bad = g.spawn(() -> {
                throw new IOException("disk full");
            });
            g.spawn(() -> Heddle.shield(() -> {
                Heddle.sleep(Duration.ofMillis(1));
                throw new IllegalStateException("and more");
            }));
            bad.join();
        }));
        return "";
    }

    @Test
    @Tag("full")
    void groupThatFailsInTheWorkerIsAGroupHereWithEachFailureOnce() {
        try (ProcessPool pool = pool(1)) {
            GroupException e = assertThrows(GroupException.class, () -> pool.call(() -> inAGroup()));
            assertEquals("disk full", e.firstOf(IOException.class).orElseThrow().getMessage());
            assertEquals("and more", e.firstOf(IllegalStateException.class).orElseThrow().getMessage());
            assertEquals(2, GroupException.leaves(e).size());
            assertTrue(String.valueOf(e.firstOf(IllegalStateException.class).orElseThrow().getCause())
                    .contains("in process-1"), e.toString());
            GroupException joined = assertThrows(GroupException.class, () -> Heddle.run(() -> Heddle.group(g -> {
                Task<String> call = g.spawn(() -> pool.call(() -> inAGroup()));
                g.spawn(() -> call.join());
                call.join();
            })));
            assertEquals(2, GroupException.leaves(joined).size());
        }
    }

    private static final class Odd extends RuntimeException {
        private static final long serialVersionUID = 1;

        Odd() {
            super("strange");
        }
    }

    @Test
    @Tag("full")
    void exceptionThatCannotBeMadeHereIsToldInWords() {
        try (ProcessPool pool = pool(1)) {
            RemoteFailedException e = assertThrows(RemoteFailedException.class, () -> pool.call(() -> {
                throw new Odd();
            }));
            assertEquals(Odd.class.getName() + ": strange", e.getMessage());
        }
    }

    @Test
    void bodyThatCannotTravelIsRefusedBeforeAnythingIsSent() {
        Thread thread = Thread.currentThread();
        try (ProcessPool pool = pool(1)) {
            CannotTravelException e = assertThrows(CannotTravelException.class,
                    () -> pool.call(() -> thread.isAlive()));
            assertTrue(e.getMessage().contains("java.lang.Thread cannot travel to another process"), e.getMessage());
            assertEquals(0, pool.statistics().started());
        }
    }

    @Test
    @Tag("full")
    void resultThatCannotTravelFailsItsBodyAndTheWorkerGoesOn() {
        try (ProcessPool pool = pool(1)) {
            long before = pool.call(() -> pid());
            CannotTravelException e = assertThrows(
                    CannotTravelException.class, () -> pool.call(() -> List.of(1, Thread.currentThread())));
            assertTrue(e.getMessage().startsWith("the result[1]: java.lang.Thread cannot travel"), e.getMessage());
            assertEquals(before, pool.call(() -> pid()));
        }
    }

    @Test
    void resultThatIsTooLongFailsItsBodyOnly() {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withMaxBytes(10_000))) {
            assertThrows(dev.heddle.io.LimitExceededException.class, () -> pool.call(() -> new byte[20_000]));
            assertEquals(5_000, pool.call(() -> new byte[5_000]).length);
        }
    }

    @Test
    @Tag("full")
    void bigValueTravelsBothWays() {
        byte[] bytes = new byte[10_000_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        try (ProcessPool pool = pool(1)) {
            byte[] back = pool.call(() -> bytes);
            org.junit.jupiter.api.Assertions.assertArrayEquals(bytes, back);
        }
    }

    // ---- death ----

    @Test
    @Tag("full")
    void workerThatExitsFailsItsBodyOnlyAndIsReplaced() {
        try (ProcessPool pool = pool(1)) {
            WorkerDiedException e = assertThrows(WorkerDiedException.class, () -> pool.run(() -> {
                System.err.println("going down");
                System.exit(7);
            }));
            assertEquals(7, e.exitCode().orElseThrow());
            assertEquals(List.of("going down"), e.lastLines());
            assertTrue(e.getMessage().contains("process-1 (process " + e.pid() + ") died, exit code 7"),
                    e.getMessage());
            assertEquals(3, pool.call(() -> 3));
            assertEquals(1, pool.statistics().died());
        }
    }

    @Test
    void workerThatIsKilledSaysBySignal() {
        try (ProcessPool pool = pool(1)) {
            WorkerDiedException e = assertThrows(
                    WorkerDiedException.class,
                    () -> pool.run(() -> ProcessHandle.of(pid()).map(ProcessPoolTest::killHard)));
            assertEquals(137, e.exitCode().orElseThrow());
            assertTrue(e.getMessage().contains("SIGKILL"), e.getMessage());
        }
    }

    private static boolean killHard(ProcessHandle self) {
        try {
            return new ProcessBuilder("kill", "-9", Long.toString(self.pid())).start().waitFor() == 0;
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("full")
    void withoutMemoryTheWorkerDiesAndNotThisProcess() {
        try (ProcessPool pool = pool(1)) {
            WorkerDiedException e = assertThrows(WorkerDiedException.class, () -> pool.call(() -> {
                List<byte[]> all = new ArrayList<>();
                while (true) {
                    all.add(new byte[10_000_000]);
                }
            }));
            assertTrue(e.getMessage().contains("OutOfMemoryError"), e.getMessage());
        }
    }

    @Test
    @Tag("full")
    void withRetriesABodyIsTriedByAnotherWorker() throws Exception {
        java.nio.file.Path mark = java.nio.file.Files.createTempFile("heddle", "mark");
        java.nio.file.Files.delete(mark);
        String path = mark.toString();
        try (ProcessPool pool = pool(1)) {
            assertEquals("second", pool.retrying(2).call(() -> {
                if (new java.io.File(path).createNewFile()) {
                    Runtime.getRuntime().halt(1);
                }
                return "second";
            }));
        } finally {
            java.nio.file.Files.deleteIfExists(mark);
        }
    }

    // ---- cancelling ----

    @Test
    void endlessBodyIsKilledAtItsDeadlineAndTheOthersGoOn() {
        run(() -> {
            try (ProcessPool pool = pool(2)) {
                while (pool.statistics().alive() < 2) {
                    dev.heddle.Heddle.gather(() -> pool.call(() -> fib(22)), () -> pool.call(() -> fib(22)));
                }
                Future<Long> other = pool.submit(() -> fib(25));
                assertFalse(moveOnAfter(Duration.ofMillis(300), () -> {
                    pool.call(() -> endless());
                }));
                assertEquals(75025, other.get());
                assertEquals(1, pool.statistics().killed());
                assertEquals(2, pool.call(() -> 2));
            }
        });
    }

    @Test
    @Tag("full")
    void bodyThatHeedsItsInterruptKeepsItsWorker() {
        run(() -> {
            try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withGrace(Duration.ofSeconds(20)))) {
                long before = pool.call(() -> pid());
                assertFalse(moveOnAfter(Duration.ofMillis(200), () -> pool.run(() -> Thread.sleep(60_000))));
                assertEquals(before, pool.call(() -> pid()));
                assertEquals(0, pool.statistics().killed());
            }
        });
    }

    @Test
    void cancelledFutureStopsItsBody() throws Exception {
        try (ProcessPool pool = pool(1)) {
            pool.call(() -> 1);
            Future<Integer> endless = pool.submit(() -> endless());
            while (pool.statistics().busy() == 0) {
                Thread.onSpinWait();
            }
            endless.cancel(true);
            assertEquals(4, pool.submit(() -> 4).get());
        }
    }

    @Test
    void terminateKillsWhatRuns() throws Exception {
        ProcessPool pool = pool(1);
        long child = pool.call(() -> pid());
        Future<Integer> endless = pool.submit(() -> endless());
        pool.terminate();
        pool.close();
        assertTrue(endless.isDone());
        assertTrue(ProcessHandle.of(child).map(p -> !p.isAlive()).orElse(true));
        assertThrows(RejectedExecutionException.class, () -> pool.call(() -> 1));
    }

    @Test
    void closeLeavesNoProcess() {
        Set<Long> before = children();
        ProcessPool pool = pool(2);
        pool.map(List.of(1, 2, 3, 4), 1, i -> i);
        pool.close();
        Set<Long> after = children();
        after.removeAll(before);
        assertEquals(Set.of(), after);
        assertEquals(0, pool.statistics().alive());
    }

    private static Set<Long> children() {
        Set<Long> pids = new HashSet<>();
        ProcessHandle.current().children().filter(ProcessHandle::isAlive).forEach(p -> pids.add(p.pid()));
        return pids;
    }

    // ---- what workers print ----

    @Test
    @Tag("full")
    void linesOfWorkersArePassedOnWithTheirNames() {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (ProcessPool pool = ProcessPool.of(
                QUIET.withWorkers(1)
                        .withOutput((worker, error, line) -> lines.add(worker + (error ? " err " : " out ") + line)))) {
            pool.run(() -> {
                System.out.println("hello");
                System.err.println("oops");
            });
        }
        long limit = System.nanoTime() + 10_000_000_000L;
        while (lines.size() < 2 && System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
        assertEquals(Set.of("process-1 out hello", "process-1 err oops"), Set.copyOf(lines));
    }

    @Test
    @Tag("full")
    void floodsOnStandardErrorAreDrained() {
        try (ProcessPool pool = pool(1)) {
            pool.run(() -> {
                byte[] line = "x".repeat(1000).concat("\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                for (int i = 0; i < 20_000; i++) {
                    System.err.write(line);
                }
            });
            assertEquals(1, pool.call(() -> 1));
        }
    }

    @Test
    void failureInAFutureNamesTheBody() {
        try (ProcessPool pool = pool(1)) {
            Future<Integer> future = pool.submit(() -> failing());
            ExecutionException e = assertThrows(ExecutionException.class, future::get);
            assertNotNull(e.getCause());
            assertEquals("bad luck", e.getCause().getMessage());
        }
    }

    @Test
    void whatRunsOnItsLoopCannotWaitForItsEnd() throws Exception {
        var refused = new CopyOnWriteArrayList<String>();
        var logged = new CompletableFuture<Boolean>();
        Logger logger = Logger.getLogger("dev.heddle");
        try (ProcessPool pool = pool(1)) {
            logger.setFilter(entry -> {
                refused.add(assertThrows(IllegalStateException.class, pool::close).getMessage());
                refused.add(assertThrows(
                        IllegalStateException.class, () -> pool.awaitTermination(1, TimeUnit.HOURS)).getMessage());
                return !logged.complete(pool.isShutdown());
            });
            pool.execute((Runnable & Serializable) () -> {
                throw new IllegalStateException("failed");
            });
            assertFalse(logged.get(30, TimeUnit.SECONDS));
        } finally {
            logger.setFilter(null);
        }
        assertEquals(
                List.of("what runs on the loop of a process pool cannot close the pool; call shutdown()",
                        "what runs on the loop of a process pool cannot wait for the end of the pool"),
                refused);
    }

    @Test
    @Tag("full")
    void interruptedThreadMaySubmit() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            Thread.currentThread().interrupt();
            Future<String> future = pool.submit(() -> "ran");
            assertTrue(Thread.interrupted());
            assertEquals("ran", future.get());
        }
    }

    // ---- being seen ----

    @Test
    void bodyThatRunsIsSeenWithItsProcessAndTheClassThatMadeIt() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withName("kiln").withWorkers(1))) {
            long process = pool.call(() -> pid());
            Future<Integer> body = pool.submit(() -> endless());
            PartDetail detail;
            do {
                detail = Parts.all().stream()
                        .flatMap(part -> part.view().stream())
                        .filter(view -> "kiln".equals(view.name()))
                        .findFirst()
                        .orElseThrow()
                        .detail();
            } while (detail.holders().isEmpty());
            PartDetail.Holder holder = detail.holders().getFirst();
            assertEquals("a body of ProcessPoolTest", holder.who());
            assertEquals(process, holder.process());
            assertTrue(holder.nanos() >= 0);
            body.cancel(true);
        }
    }
}
