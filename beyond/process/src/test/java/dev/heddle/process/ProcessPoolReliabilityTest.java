package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.ManagerOptions;
import dev.heddle.process.shared.SharedEvent;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool loses and doubles no result though its workers are killed, end or cannot start. */
@Tag("full")
@LeavesNothing
final class ProcessPoolReliabilityTest {

    private static final int CYCLES = Integer.getInteger("heddle.process.cycles", 20);
    private static final int AT_A_TIME = 4;
    private static final int KILL_MILLIS = 100;
    private static final int SLOTS = 64;

    private static final ProcessPoolOptions QUIET = ProcessPoolOptions.DEFAULT
            .withWorkers(2)
            .withOutput(WorkerOutput.DROPPED)
            .withGrace(Duration.ofMillis(100))
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx64m");

    // ---- kills ----

    /** Kills a worker that works, one after the other, until it is interrupted. */
    private static final class Killer {

        private final SharedLongs working;
        private final Random random = new Random(1);
        private final Thread thread = new Thread(this::killAll, "killer");
        private volatile int kills;

        Killer(SharedLongs working) {
            this.working = working;
            thread.start();
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        private void killAll() {
            try {
                while (true) {
                    Thread.sleep(KILL_MILLIS);
                    Optional<ProcessHandle> victim = victim();
                    if (victim.isPresent() && victim.get().destroyForcibly()) {
                        kills++;
                    }
                }
            } catch (InterruptedException e) {
                // Enough.
            }
        }

        private Optional<ProcessHandle> victim() {
            List<Long> pids = new ArrayList<>();
            for (int i = 0; i < SLOTS; i++) {
                pids.add(working.get(i));
            }
            List<ProcessHandle> alive = ProcessHandle.current().children().filter(p -> pids.contains(p.pid())).toList();
            return alive.isEmpty() ? Optional.empty() : Optional.of(alive.get(random.nextInt(alive.size())));
        }

        void stop() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }

    /** Something to do, by a worker that says who it is. */
    private static long hash(SharedLongs working, int item) {
        long pid = ProcessHandle.current().pid();
        working.set(pid % SLOTS, pid);
        return hash(item);
    }

    private static long hash(int item) {
        long hash = item;
        for (int i = 0; i < 2_000; i++) {
            hash = hash * 31 + i;
        }
        return hash;
    }

    @Test
    void killsOfWorkersLoseNoResultAndDoubleNone() throws Exception {
        List<Integer> items = IntStream.range(0, 100_000).boxed().toList();
        List<Long> right = items.stream().map(ProcessPoolReliabilityTest::hash).toList();
        try (SharedLongs working = SharedLongs.create(SLOTS); ProcessPool pool = ProcessPool.of(QUIET)) {
            var killer = new Killer(working);
            try {
                ProcessPool retrying = pool.retrying(100);
                assertEquals(right, retrying.map(items, 500, item -> hash(working, item)));
                List<Future<Long>> singles = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    int item = i;
                    singles.add(retrying.submit(() -> {
                        Thread.sleep(1);
                        return hash(working, item);
                    }));
                }
                for (int i = 0; i < singles.size(); i++) {
                    assertEquals(right.get(i), singles.get(i).get());
                }
            } finally {
                killer.stop();
            }
            assertTrue(killer.kills > 0);
            assertTrue(pool.statistics().died() > 0);
            assertEquals(7, pool.retrying(2).call(() -> 7));
        }
    }

    @Test
    void endlessBodyIsKilledAtItsDeadlineWhileTheOthersResultsArrive() {
        run(() -> {
            try (ProcessPool pool = ProcessPool.of(QUIET)) {
                List<Future<Integer>> others = new ArrayList<>();
                assertFalse(moveOnAfter(Duration.ofSeconds(1), () -> {
                    dev.heddle.Heddle.gather(
                            () -> pool.call(() -> endless()),
                            () -> {
                                for (int i = 0; i < 20; i++) {
                                    int n = i;
                                    others.add(pool.submit(() -> n));
                                }
                                return 0;
                            });
                }));
                for (int i = 0; i < 20; i++) {
                    assertEquals(i, others.get(i).get());
                }
                assertEquals(1, pool.statistics().killed());
            }
        });
        assertEquals(List.of(), ProcessHandle.current().descendants().toList());
    }

    private static int endless() {
        int i = 0;
        while (true) {
            i++;
        }
    }

    private static void endSlowly(Path ending) {
        try {
            Files.createFile(ending);
            Thread.sleep(60_000);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bodyThatIsCancelledWhileTheWorkerBeforeItEndsNeverRuns(@TempDir Path directory) throws Exception {
        Path ending = directory.resolve("ending");
        Path ran = directory.resolve("ran");
        ProcessPoolOptions options = QUIET.withWorkers(1).withBodiesPerWorker(1).withGrace(Duration.ofSeconds(20));
        try (ProcessPool pool = ProcessPool.of(options)) {
            pool.run(() -> Runtime.getRuntime().addShutdownHook(new Thread(() -> endSlowly(ending))));
            Future<?> second = pool.submit(() -> {
                Files.createFile(ran);
            });
            Jvm.awaitTrue("the first worker ends", () -> Files.exists(ending));
            second.cancel(true);
            assertEquals(7, pool.call(() -> 7));
            assertFalse(Files.exists(ran));
        }
    }

    // ---- workers that do not get ready ----

    @Test
    void workersThatDieAtTheirStartFailTheBodiesAndAreNotStartedOnAndOn() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withInitializer(() -> System.exit(3)))) {
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                futures.add(pool.submit(() -> 1));
            }
            Set<Class<?>> kinds = new HashSet<>();
            for (Future<Integer> future : futures) {
                kinds.add(assertThrows(ExecutionException.class, future::get).getCause().getClass());
            }
            assertEquals(Set.of(WorkerDiedException.class, BrokenException.class), kinds);
            assertTrue(pool.statistics().started() < 10, pool.toString());
        }
    }

    @Test
    void workerThatCannotStartFailsNobodysBody(@TempDir Path directory) throws Exception {
        Path place = directory.resolve("place for one");
        try (ProcessPool pool = ProcessPool.of(QUIET.withInitializer(() -> Files.createFile(place)))) {
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int n = i;
                futures.add(pool.submit(() -> {
                    Thread.sleep(5);
                    return n;
                }));
            }
            for (int i = 0; i < 300; i++) {
                assertEquals(i, futures.get(i).get());
            }
            assertEquals(300, pool.statistics().done());
            assertTrue(pool.statistics().started() < 10, pool.toString());
        }
    }

    @Test
    void poolRecoversWhenItsWorkersDo(@TempDir Path directory) throws Exception {
        Path obstacle = Files.createFile(directory.resolve("obstacle"));
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withInitializer(() -> {
            if (Files.exists(obstacle)) {
                throw new IllegalStateException("something is in the way");
            }
        }))) {
            for (int i = 0; i < 3; i++) {
                assertThrows(IllegalStateException.class, () -> pool.call(() -> 1));
            }
            BrokenException e = assertThrows(BrokenException.class, () -> pool.call(() -> 1));
            assertTrue(e.getMessage().contains("something is in the way"), e.getMessage());
            Files.delete(obstacle);
            Jvm.awaitTrue("the pool works", () -> {
                try {
                    return pool.call(() -> 8) == 8;
                } catch (BrokenException stillBroken) {
                    return false;
                }
            });
        }
    }

    @Test
    void workerThatDiesAtItsStartIsATryLikeAnother(@TempDir Path directory) throws Exception {
        Path first = Files.createFile(directory.resolve("first"));
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withInitializer(() -> {
            if (Files.deleteIfExists(first)) {
                Runtime.getRuntime().halt(1);
            }
        }))) {
            assertEquals(5, pool.retrying(2).call(() -> 5));
            assertEquals(1, pool.statistics().died());
        }
    }

    /** Keeps a JVM from ending by itself. */
    private static void stay() {
        new Thread(() -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                return;
            }
        }).start();
    }

    /** A failure that cannot be put into words. */
    private static final class Unspeakable extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("InfiniteRecursion") // that is its point
        public String getMessage() {
            return getMessage() + "!";
        }
    }

    @Test
    void failureThatCannotBeToldIsAFailureAllTheSame() throws Exception {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
            Future<?> future = pool.submit(() -> {
                stay();
                throw new Unspeakable();
            });
            Throwable why = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS)).getCause();
            assertTrue(why.getMessage().contains("Unspeakable"), why.getMessage());
            assertEquals(7, pool.call(() -> 7));
        }
    }

    /** What only this process can have. */
    public static final class Homebody implements Format<Thread> {

        /** In a child it fails, and leaves a thread that keeps the child. */
        public Homebody() {
            if (System.getProperty("sun.java.command", "").contains("WorkerMain")) {
                stay();
                throw new IllegalStateException("not in a child");
            }
        }

        @Override
        public Class<Thread> type() {
            return Thread.class;
        }

        @Override
        public Object pack(Thread thread) {
            return thread.getName();
        }

        @Override
        public Thread unpack(Object packed) {
            return new Thread(packed.toString());
        }
    }

    @Test
    void workerThatCannotBeSetUpEndsThoughSomethingKeepsIt() {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withFormat(Homebody.class))) {
            Future<Integer> future = pool.submit(() -> 1);
            Throwable why = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS)).getCause();
            assertTrue(why.getMessage().contains("not in a child"), why.getMessage());
        }
    }

    @Test
    void whyAManagerCannotBeUsedInAProcessIsSaidThere() {
        try (Manager manager = Manager.open(ManagerOptions.DEFAULT.withFormat(Homebody.class));
                ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1))) {
            SharedEvent event = manager.event();
            String words = pool.call(() -> {
                try {
                    return "set: " + event.isSet();
                } catch (ClosedException e) {
                    return e.getMessage() + " " + e.getCause();
                }
            });
            assertTrue(words.contains("cannot be used here") && words.contains("Homebody"), words);
            assertFalse(event.isSet());
        }
    }

    // ---- what is left ----

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS) // for more cycles than a build has time for
    void spawnsAndExitsLeaveNoZombieAndNoDescriptor() throws IOException {
        ProcessOptions options = ProcessOptions.DEFAULT
                .withOutput(WorkerOutput.DROPPED)
                .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx32m");
        JvmProcess.spawn(options, () -> {}).close();
        long descriptors = countOfDescriptors();
        int threads = Thread.activeCount();
        for (int done = 0; done < CYCLES; done += AT_A_TIME) {
            List<JvmProcess> children = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                int code = i;
                children.add(JvmProcess.spawn(options, () -> System.exit(code)));
            }
            for (int i = 0; i < AT_A_TIME; i++) {
                assertEquals(i, children.get(i).join());
            }
        }
        assertEquals(List.of(), ProcessHandle.current().children().toList());
        assertEquals(List.of(), JvmProcess.children());
        assertTrue(countOfDescriptors() <= descriptors, countOfDescriptors() + " of " + descriptors);
        assertTrue(Thread.activeCount() <= threads + 2, Thread.activeCount() + " of " + threads);
    }

    @Test
    void childInheritsNoDescriptorButItsThree() throws IOException {
        Path file = Files.createTempFile("heddle", "inherited");
        try (var open = new FileInputStream(file.toFile());
                ServerSocket socket = new ServerSocket(0);
                SharedMemory found = SharedMemory.create(1_000_000)) {
            Set<String> mine = descriptors();
            assertTrue(mine.contains(file.toString()), mine.toString());
            assertTrue(open.available() == 0 && socket.isBound());
            ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1));
            Set<String> there;
            try (pool) {
                there = pool.call(() -> descriptors());
            }
            assertFalse(there.contains(file.toString()), there.toString());
            assertFalse(there.contains(found.name()), there.toString());
            Set<String> both = new HashSet<>(there);
            both.retainAll(mine);
            both.removeIf(target -> !target.startsWith("socket:") && !target.startsWith("pipe:"));
            assertEquals(Set.of(), both);
        } finally {
            Files.delete(file);
        }
    }

    /** What the descriptors of this process mean, proc(5). */
    private static Set<String> descriptors() throws IOException {
        Set<String> targets = new HashSet<>();
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(link).toString());
                } catch (IOException e) {
                    // That of the listing itself.
                }
            }
        }
        return targets;
    }

    private static long countOfDescriptors() throws IOException {
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            return links.count();
        }
    }

    @Test
    void brokenPoolSaysWhy() {
        try (ProcessPool pool = ProcessPool.of(QUIET.withWorkers(1).withJvmArguments("-XX:+NoSuchFlag"))) {
            WorkerDiedException e = assertThrows(WorkerDiedException.class, () -> pool.call(() -> 1));
            assertTrue(e.getMessage().contains("NoSuchFlag"), e.getMessage());
        }
    }
}
