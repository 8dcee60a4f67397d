package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.process.internal.work.BodyFuture;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short bodies are given to workers a few at a time, and nobody can tell but by the clock. */
@Tag("full")
@LeavesNothing
final class ShortBodiesTest {

    private static final ProcessPoolOptions QUIET = ProcessPoolOptions.DEFAULT
            .withOutput(WorkerOutput.DROPPED)
            .withGrace(Duration.ofMillis(200))
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx128m");

    /** Enough for the pool to see that its bodies are short. */
    private static void warm(ProcessPool pool) throws Exception {
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int n = i;
            all.add(pool.submit(() -> n + 1));
        }
        for (int i = 0; i < all.size(); i++) {
            assertEquals(i + 1, all.get(i).get());
        }
    }

    /** Leaves a mark of its own, that none may leave twice. */
    private static int once(String directory, int number) throws IOException {
        if (!new File(directory, Integer.toString(number)).createNewFile()) {
            throw new IllegalStateException("body " + number + " has run before");
        }
        return number;
    }

    private static int endless() {
        int i = 0;
        while (true) {
            i++;
        }
    }

    @Test
    void manyGiveEachItsOwnResult() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(2))) {
            warm(pool);
            warm(pool);
            pool.shutdown();
            assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
            assertEquals(4_000, pool.statistics().done());
            assertEquals(0, pool.statistics().queued());
        }
    }

    @Test
    void failuresStayWithTheirBodies() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
            warm(pool);
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int n = i;
                all.add(pool.submit(() -> 1 / (n % 10)));
            }
            for (int i = 0; i < 300; i++) {
                Future<Integer> each = all.get(i);
                if (i % 10 == 0) {
                    assertInstanceOf(
                            ArithmeticException.class, assertThrows(ExecutionException.class, each::get).getCause());
                } else {
                    assertEquals(1 / (i % 10), each.get());
                }
            }
        }
    }

    @Test
    void bodiesThatHaveNotBegunAreTakenBack(@TempDir Path directory) throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
            warm(pool);
            String marks = directory.toString();
            List<BodyFuture<Integer>> all = new ArrayList<>();
            Future<Integer> endless = pool.submit(() -> once(marks, -1) + endless());
            for (int i = 0; i < 100; i++) {
                int n = i;
                all.add((BodyFuture<Integer>) pool.submit(() -> once(marks, n)));
            }
            long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (!Files.exists(directory.resolve("-1"))) {
                assertTrue(System.nanoTime() < end, "not begun");
            }
            // What the worker has before its turn comes back when the endless one is seen to be long.
            while (all.stream().filter(each -> !each.isDone()).filter(each -> !each.takeBack()).count() > 0) {
                assertTrue(System.nanoTime() < end, "not taken back");
            }
            assertFalse(((BodyFuture<Integer>) endless).takeBack());
            assertTrue(all.stream().allMatch(Future::isCancelled));
            endless.cancel(true);
            assertEquals(7, pool.call(() -> 7));
            try (Stream<Path> begun = Files.list(directory)) {
                assertEquals(1, begun.count());
            }
            assertEquals(0, pool.statistics().queued());
        }
    }

    @Test
    void longBodyHoldsUpNoneThatWasGivenWithIt() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(2))) {
            warm(pool);
            List<Future<Integer>> all = new ArrayList<>();
            Future<Boolean> endless = null;
            for (int i = 0; i < 200; i++) {
                int n = i;
                all.add(pool.submit(() -> n));
                if (i == 50) {
                    endless = pool.submit(() -> {
                        Thread.sleep(600_000);
                        return true;
                    });
                }
            }
            for (int i = 0; i < all.size(); i++) {
                assertEquals(i, all.get(i).get());
            }
            assertFalse(endless.isDone());
            endless.cancel(true);
        }
    }

    @Test
    void withOneWorkerThoseBehindABodyThatIsKilledAreDoneByTheNext() {
        run(() -> {
            try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
                warm(pool);
                List<Future<Integer>> all = new ArrayList<>();
                all.add(pool.submit(() -> 0));
                Future<Integer> endless = pool.submit(() -> endless());
                for (int i = 1; i < 40; i++) {
                    int n = i;
                    all.add(pool.submit(() -> n));
                }
                assertEquals(0, all.getFirst().get());
                assertFalse(moveOnAfter(Duration.ofMillis(100), () -> {
                    endless.get();
                }));
                endless.cancel(true);
                for (int i = 0; i < all.size(); i++) {
                    assertEquals(i, all.get(i).get());
                }
                assertEquals(1, pool.statistics().killed());
            }
        });
    }

    @Test
    void ifAWorkerDiesOneBodyFailsAndNoneRunsTwice(@TempDir Path directory) throws Exception {
        String marks = directory.toString();
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(2))) {
            warm(pool);
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                int n = i;
                all.add(pool.submit(() -> {
                    int done = once(marks, n);
                    if (n % 200 == 77) {
                        Runtime.getRuntime().halt(9);
                    }
                    return done;
                }));
            }
            for (int i = 0; i < all.size(); i++) {
                Future<Integer> each = all.get(i);
                if (i % 200 == 77) {
                    assertInstanceOf(
                            WorkerDiedException.class, assertThrows(ExecutionException.class, each::get).getCause());
                } else {
                    assertEquals(i, each.get());
                }
            }
            assertEquals(3, pool.statistics().died());
        }
    }

    @Test
    void cancelledBodyBehindALongOneDoesNotRun(@TempDir Path directory) throws Exception {
        String marks = directory.toString();
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withGrace(Duration.ofSeconds(20)))) {
            warm(pool);
            for (int round = 0; round < 20; round++) {
                Future<Integer> sleeper = pool.submit(() -> {
                    Thread.sleep(600_000);
                    return 1;
                });
                List<Future<Integer>> behind = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    int n = 100 * round + i;
                    behind.add(pool.submit(() -> once(marks, n)));
                }
                behind.forEach(each -> assertTrue(each.cancel(true)));
                sleeper.cancel(true);
                warm(pool);
            }
            assertEquals(List.of(), List.of(directory.toFile().list()));
            assertEquals(0, pool.statistics().killed());
        }
    }

    @Test
    void cancelledCallBehindALongBodyEndsAtOnce() {
        run(() -> {
            try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
                warm(pool);
                Future<Integer> sleeper = pool.submit(() -> {
                    Thread.sleep(600_000);
                    return 1;
                });
                assertFalse(moveOnAfter(Duration.ofMillis(50), () -> {
                    pool.call(() -> 2);
                }));
                assertFalse(sleeper.isDone());
                sleeper.cancel(true);
                assertEquals(3, pool.call(() -> 3));
            }
        });
    }

    @Test
    void workerIsReplacedAfterItsNumberOfBodiesAndNotOneLater() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withBodiesPerWorker(500))) {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < 1_200; i++) {
                all.add(pool.submit(() -> ProcessHandle.current().pid()));
            }
            Map<Long, Integer> bodies = new HashMap<>();
            for (Future<Long> each : all) {
                bodies.merge(each.get(), 1, Integer::sum);
            }
            assertEquals(List.of(200, 500, 500), bodies.values().stream().sorted().toList());
        }
    }

    @Test
    void closeWaitsForAllThatWereSubmitted() throws Exception {
        List<Future<Integer>> all = new ArrayList<>();
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(2))) {
            warm(pool);
            for (int i = 0; i < 500; i++) {
                int n = i;
                all.add(pool.submit(() -> n));
            }
        }
        for (int i = 0; i < all.size(); i++) {
            assertEquals(i, all.get(i).resultNow());
        }
    }

    @Test
    void terminateEndsAllThatWereSubmitted() throws Exception {
        List<Future<Integer>> all = new ArrayList<>();
        ProcessPool pool = ProcessPool.of(QUIET.withWorkers(2));
        warm(pool);
        for (int i = 0; i < 500; i++) {
            int n = i;
            all.add(pool.submit(() -> n == 100 ? endless() : n));
        }
        pool.terminate();
        pool.close();
        assertTrue(all.stream().allMatch(Future::isDone));
    }

    @Test
    void whoTakesTheLockOfTheQueueAllTheTimeDisturbsNoWorker() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(2))) {
            var asking = new AtomicBoolean(true);
            Thread asker = Thread.ofPlatform().start(() -> {
                while (asking.get()) {
                    pool.statistics();
                }
            });
            try {
                warm(pool);
                for (int i = 0; i < 2_000; i++) {
                    assertEquals(List.of(i, i, i, i, i, i, i, i), burst(pool, i));
                }
            } finally {
                asking.set(false);
                asker.join();
            }
            assertEquals(0, pool.statistics().died());
        }
    }

    /** Some bodies at once, which idle workers begin. */
    private static List<Integer> burst(ProcessPool pool, int number) throws Exception {
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(pool.submit(() -> number));
        }
        List<Integer> results = new ArrayList<>();
        for (Future<Integer> each : all) {
            results.add(each.get());
        }
        return results;
    }
}
