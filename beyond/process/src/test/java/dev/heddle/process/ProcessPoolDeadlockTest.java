package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The situations in which the executors of others have been found waiting for ever: each ends soon, with an error that
 * says what was, and the pool goes on.
 */
@Tag("full")
@LeavesNothing
final class ProcessPoolDeadlockTest {

    private static final int BIG_BYTES = 8_000_000;

    private static final ProcessPoolOptions QUIET = ProcessPoolOptions.DEFAULT
            .withWorkers(2)
            .withOutput(WorkerOutput.DROPPED)
            .withGrace(Duration.ofMillis(100))
            .withJvmArguments(
                    "-XX:TieredStopAtLevel=1", "-Xmx256m", "-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash");

    /** What goes wrong, in which process, and when. */
    private enum Harm {
        ERROR,
        EXIT,
        CRASH;

        @SuppressWarnings("restricted") // a crash is what is wanted
        void happen() {
            switch (this) {
                case ERROR -> throw new IllegalStateException("harm was done");
                case EXIT -> System.exit(1);
                case CRASH -> MemorySegment.ofAddress(0).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
            }
        }
    }

    /** Goes wrong when it is taken apart, in the parent or in a child. */
    record BadToEncode(Harm harm, boolean inParent) {
        @Override
        public Harm harm() {
            if (inParent == isParent()) {
                harm.happen();
            }
            return harm;
        }
    }

    /** Goes wrong when it is made, in the parent or in a child. */
    record BadToDecode(Harm harm, boolean inParent, long madeIn) {
        BadToDecode {
            if (madeIn != pid() && inParent == isParent()) {
                harm.happen();
            }
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    /** Children have a mark of their own. */
    private static boolean isParent() {
        return System.getProperty("heddle.test.child") == null;
    }

    private static ProcessPool pool() {
        return ProcessPool.of(QUIET.withInitializer(() -> System.setProperty("heddle.test.child", "yes")));
    }

    private static void requireUsable(ProcessPool pool) {
        assertEquals(List.of(1, 4, 9), pool.map(List.of(1, 2, 3), 1, i -> i * i));
    }

    private static <E extends Throwable> E failure(Class<E> type, RemoteCallable<?> body) {
        try (ProcessPool pool = pool()) {
            Future<?> future = pool.submit(body);
            E failure = assertInstanceOf(type, assertThrows(ExecutionException.class, future::get).getCause());
            requireUsable(pool);
            return failure;
        }
    }

    // ---- on the way to the worker ----

    @Test
    void errorWhileTheBodyIsEncoded() {
        var bad = new BadToEncode(Harm.ERROR, true);
        try (ProcessPool pool = pool()) {
            IllegalStateException e = assertThrows(IllegalStateException.class,
                    () -> pool.submit(() -> bad.inParent()));
            assertEquals("harm was done", e.getMessage());
            requireUsable(pool);
        }
    }

    @Test
    void bodyThatCannotBeEncoded() {
        Thread thread = Thread.currentThread();
        try (ProcessPool pool = pool()) {
            assertThrows(CannotTravelException.class, () -> pool.submit(() -> thread.isAlive()));
            assertThrows(CannotTravelException.class, () -> pool.map(List.of(1, 2), i -> thread.isAlive()));
            requireUsable(pool);
        }
    }

    @Test
    void errorWhileTheBodyIsDecoded() {
        var bad = new BadToDecode(Harm.ERROR, false, pid());
        RemoteFailedException e = failure(RemoteFailedException.class, () -> bad.inParent());
        assertTrue(e.getMessage().contains("harm was done"), e.getMessage());
    }

    @Test
    void exitWhileTheBodyIsDecoded() {
        var bad = new BadToDecode(Harm.EXIT, false, pid());
        assertEquals(1, failure(WorkerDiedException.class, () -> bad.inParent()).exitCode().orElseThrow());
    }

    @Test
    void crashWhileTheBodyIsDecoded() {
        var bad = new BadToDecode(Harm.CRASH, false, pid());
        requireCrash(failure(WorkerDiedException.class, () -> bad.inParent()));
    }

    // ---- in the worker ----

    @Test
    void errorInTheBody() {
        assertEquals("harm was done", failure(IllegalStateException.class, () -> harm(Harm.ERROR)).getMessage());
    }

    private static int harm(Harm harm) {
        harm.happen();
        return 0;
    }

    @Test
    void exitInTheBody() {
        assertEquals(1, failure(WorkerDiedException.class, () -> harm(Harm.EXIT)).exitCode().orElseThrow());
    }

    @Test
    void crashInTheBody() {
        requireCrash(failure(WorkerDiedException.class, () -> harm(Harm.CRASH)));
    }

    /** What the JVM says when it crashes is among the last lines. */
    private static void requireCrash(WorkerDiedException e) {
        assertTrue(e.exitCode().isPresent());
        assertTrue(e.getMessage().contains("SIGSEGV"), e.getMessage());
    }

    // ---- on the way back ----

    @Test
    void errorWhileTheResultIsEncoded() {
        assertEquals(
                "harm was done",
                failure(IllegalStateException.class, () -> new BadToEncode(Harm.ERROR, false)).getMessage());
    }

    @Test
    void exitWhileTheResultIsEncoded() {
        assertEquals(
                1,
                failure(WorkerDiedException.class, () -> new BadToEncode(Harm.EXIT, false)).exitCode().orElseThrow());
    }

    @Test
    void crashWhileTheResultIsEncoded() {
        requireCrash(failure(WorkerDiedException.class, () -> new BadToEncode(Harm.CRASH, false)));
    }

    @Test
    void resultThatCannotBeEncoded() {
        CannotTravelException e = failure(CannotTravelException.class, () -> List.of(Thread.currentThread()));
        assertTrue(e.getMessage().startsWith("the result[0]: java.lang.Thread"), e.getMessage());
    }

    @Test
    void errorWhileTheResultIsDecoded() {
        RemoteFailedException e = failure(RemoteFailedException.class, () -> new BadToDecode(Harm.ERROR, true, pid()));
        assertTrue(e.getMessage().contains("harm was done"), e.getMessage());
    }

    /** Ends a thread with what no codec expects. */
    record TooDeep(int depth, long madeIn) {
        TooDeep {
            if (madeIn != pid()) {
                deeper(depth);
            }
        }

        private static int deeper(int depth) {
            return deeper(depth + 1) + 1;
        }
    }

    @Test
    void stackOverflowWhileTheResultIsDecoded() {
        failure(StackOverflowError.class, () -> new TooDeep(0, pid()));
    }

    // ---- while it ends ----

    @Test
    void crashAfterTheShutdown() {
        Future<Integer> crashing;
        try (ProcessPool pool = pool()) {
            crashing = pool.submit(() -> {
                Thread.sleep(100);
                return harm(Harm.CRASH);
            });
            pool.shutdown();
        }
        assertInstanceOf(
                WorkerDiedException.class, assertThrows(ExecutionException.class, crashing::get).getCause());
    }

    @Test
    void shutdownAfterABodyThatCouldNotBeEncoded() {
        ProcessPool pool = pool();
        assertEquals(42, pool.call(() -> 42));
        var bad = new BadToEncode(Harm.ERROR, true);
        assertThrows(IllegalStateException.class, () -> pool.submit(() -> bad.inParent()));
        pool.shutdown();
        pool.close();
        assertTrue(pool.isTerminated());
    }

    @Test
    void errorInTheDecodingOfAResultAfterTheShutdown() {
        Future<BadToDecode> bad;
        try (ProcessPool pool = pool()) {
            bad = pool.submit(() -> new BadToDecode(Harm.ERROR, true, pid()));
            pool.shutdown();
        }
        assertInstanceOf(RemoteFailedException.class, assertThrows(ExecutionException.class, bad::get).getCause());
    }

    @Test
    void crashesWhileBigBodiesAreOnTheirWay() {
        byte[] big = new byte[BIG_BYTES];
        List<byte[]> all = Collections.nCopies(10, big);
        try (ProcessPool pool = pool()) {
            assertThrows(WorkerDiedException.class, () -> pool.map(all, 1, data -> harm(Harm.CRASH) + data.length));
            requireUsable(pool);
        }
    }

    @Test
    void killWhileABigBodyIsSent() throws Exception {
        byte[] big = new byte[BIG_BYTES];
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
            long worker = pool.call(() -> pid());
            signal("STOP", worker);
            Future<Integer> sent = pool.submit(() -> big.length);
            while (pool.statistics().busy() == 0) {
                Thread.onSpinWait();
            }
            signal("KILL", worker);
            WorkerDiedException e = assertInstanceOf(
                    WorkerDiedException.class, assertThrows(ExecutionException.class, sent::get).getCause());
            assertEquals(137, e.exitCode().orElseThrow());
            requireUsable(pool);
        }
    }

    @Test
    void exitWhileABigResultIsSent() throws InterruptedException {
        for (int delay = 0; delay < 3; delay++) {
            int millis = delay;
            try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
                Future<byte[]> big = pool.submit(() -> {
                    Thread.ofPlatform().daemon().start(() -> {
                        try {
                            Thread.sleep(millis);
                        } catch (InterruptedException e) {
                            return;
                        }
                        Runtime.getRuntime().halt(3);
                    });
                    return new byte[4 * BIG_BYTES];
                });
                try {
                    assertEquals(4 * BIG_BYTES, big.get().length);
                } catch (ExecutionException e) {
                    assertInstanceOf(WorkerDiedException.class, e.getCause());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                // Where the result was quicker, the worker would still take work.
                Jvm.awaitTrue("the worker has died", () -> pool.statistics().died() == 1);
                requireUsable(pool);
            }
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
    }

    // ---- many ----

    @Test
    void moreBodiesThanThereIsRoomFor() {
        try (ProcessPool pool = ProcessPool.of(QUIET.withMaxQueued(1))) {
            List<Integer> items = IntStream.range(0, 100).boxed().toList();
            assertEquals(items, pool.map(items, 1, i -> i));
            List<Future<Integer>> futures = items.stream().map(i -> pool.submit((RemoteCallable<Integer>) () -> i))
                    .toList();
            assertEquals(items, futures.stream().map(ProcessPoolDeadlockTest::result).toList());
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyWaitingBodyOfADyingWorkerGetsItsOwnError() {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
            List<Future<Integer>> futures = IntStream.range(0, 3)
                    .mapToObj(i -> pool.submit((RemoteCallable<Integer>) () -> harm(Harm.EXIT)))
                    .toList();
            List<Throwable> failures = futures.stream()
                    .map(future -> assertThrows(ExecutionException.class, future::get).getCause())
                    .toList();
            assertEquals(3, failures.stream().distinct().count());
            requireUsable(pool);
        }
    }
}
