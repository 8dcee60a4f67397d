package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.LoopSight;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWalk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelSightTest {

    private Loop loop;

    @BeforeEach
    void start() {
        loop = Loop.start(Config.DEFAULT.withName("seen"));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private List<TaskSight> walk() {
        List<TaskSight> all = new ArrayList<>();
        try (TaskWalk walk = Kernel.get().walk(loop)) {
            for (List<TaskSight> slice = walk.next().orElseThrow(); !slice.isEmpty(); slice = walk.next()
                    .orElseThrow()) {
                all.addAll(slice);
            }
        }
        return all;
    }

    /** A tree of parked tasks: each has so many children, down to a depth. Returns when all are there. */
    private Task<Void> tree(Set<Task<?>> into, int children, int depth, CountDownLatch begun) {
        return loop.spawn(() -> grow(into, children, depth, begun));
    }

    private static void grow(Set<Task<?>> into, int children, int depth, CountDownLatch begun) throws Exception {
        Heddle.group(group -> {
            for (int i = 0; i < children && depth > 0; i++) {
                into.add(group.spawn(() -> grow(into, children, depth - 1, begun)));
            }
            begun.countDown();
            Heddle.sleep(Duration.ofDays(1));
        });
    }

    private static Set<Task<?>> identitySet() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static int sizeOf(int children, int depth) {
        return depth == 0 ? 1 : 1 + children * sizeOf(children, depth - 1);
    }

    @Test
    void walkSeesEachTaskOnceOwnersFirst() throws InterruptedException {
        var begun = new CountDownLatch(sizeOf(6, 4));
        Set<Task<?>> tasks = identitySet();
        tasks.add(tree(tasks, 6, 4, begun));
        begun.await();
        List<TaskSight> seen = walk();
        assertEquals(tasks.size(), seen.size());
        Set<Long> before = new HashSet<>(Set.of(0L));
        for (TaskSight each : seen) {
            assertTrue(before.contains(each.parent()), () -> each + " comes before its owner");
            assertTrue(before.add(each.task().id()), () -> each + " is seen twice");
        }
    }

    @Test
    void taskIsSeenWithWhatItWaitsForItsDeadlineAndItsCancel() throws InterruptedException {
        var begun = new CountDownLatch(2);
        var release = new CountDownLatch(1);
        loop.spawn("limited", () -> Heddle.timeout(Duration.ofHours(1), () -> {
            begun.countDown();
            Heddle.sleep(Duration.ofDays(1));
        }));
        Task<Void> stubborn = loop.spawn("stubborn", () -> Heddle.shield(() -> {
            begun.countDown();
            Heddle.offload(() -> {
                release.await();
                return null;
            });
        }));
        begun.await();
        try {
            TaskSight limited = walk().getFirst();
            assertEquals("limited", limited.task().name());
            assertTrue(limited.suspended());
            assertEquals(2, limited.depth());
            assertTrue(limited.waiter().toString().contains("sleep"), limited.waiter().toString());
            assertTrue(limited.deadlineNanos() > Duration.ofMinutes(59).toNanos());
            stubborn.cancel("enough");
            TaskSight cancelled = walk().get(1);
            assertEquals("stubborn", cancelled.task().name());
            assertEquals(-1, cancelled.deadlineNanos());
            assertEquals("enough", cancelled.cancelReason());
            assertEquals(0, limited.cancelledNanos());
            while (walk().get(1).cancelledNanos() == 0) { // the loop's own clock is coarse
                Thread.onSpinWait();
            }
        } finally {
            release.countDown();
        }
    }

    @Test
    void taskIsSeenInItsGroupOfWhatDepthAndAsAServiceOfIt() throws InterruptedException {
        var begun = new CountDownLatch(4);
        Action park = () -> {
            begun.countDown();
            Heddle.sleep(Duration.ofDays(1));
        };
        loop.spawn("owner", () -> {
            Heddle.spawn("alone", park);
            Heddle.group(outer -> {
                outer.spawn("outer", park);
                outer.spawnService("service", park);
                Heddle.timeout(Duration.ofDays(1), () -> Heddle.group(inner -> {
                    inner.spawn("inner", park);
                }));
            });
        });
        begun.await();
        List<String> seen = walk().stream()
                .map(each -> each.task().name() + " " + each.group() + (each.service() ? " service" : ""))
                .sorted()
                .toList();
        assertEquals(List.of("alone 0", "inner 3", "outer 1", "owner 0", "service 1 service"), seen);
    }

    /** What leaves the tree between two slices takes its bookmarks along, at any depth. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatLivesAllTheWhileIsSeenOnceWhateverEndsMeanwhile(long seed) throws InterruptedException {
        var random = new Random(seed);
        var begun = new CountDownLatch(4 * sizeOf(9, 3));
        Set<Task<?>> tasks = identitySet();
        for (int i = 0; i < 4; i++) {
            tasks.add(tree(tasks, 9, 3, begun));
        }
        begun.await();
        Set<Task<?>> seen = identitySet();
        try (TaskWalk walk = Kernel.get().walk(loop)) {
            for (List<TaskSight> slice = walk.next().orElseThrow(); !slice.isEmpty(); slice = walk.next()
                    .orElseThrow()) {
                slice.forEach(each -> assertTrue(seen.add(each.task()), () -> each + " is seen twice"));
                cancelSome(random, slice, tasks);
            }
        }
        for (Task<?> task : tasks) {
            boolean lived = !task.root().isEffectivelyCancelled();
            assertTrue(!lived || seen.contains(task), () -> task + " was not seen");
        }
        assertEquals(Set.of(), bookmarks());
    }

    /** A millisecond is enough, however long it takes to look at a task. */
    @Test
    void sliceEndsSoonWhereTheLoopIsSlow() throws InterruptedException {
        Set<Task<?>> tasks = identitySet();
        var begun = new CountDownLatch(1);
        Task<Void> top = tree(tasks, 200, 1, begun);
        tasks.add(top);
        begun.await();
        Set<Task<?>> seen = identitySet();
        try (var walk = new KernelSight.Walk<Task<?>>(loop, task -> {
            long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(100);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return task;
        })) {
            while (!walk.isOver()) {
                List<Task<?>> slice = walk.next().orElseThrow();
                assertTrue(slice.size() < 100, () -> slice.size() + " tasks in a slice");
                seen.addAll(slice);
            }
        }
        assertTrue(seen.containsAll(tasks));
        top.cancel("seen");
    }

    private static void cancelSome(Random random, List<TaskSight> slice, Set<Task<?>> tasks) {
        List<Task<?>> all = new ArrayList<>(tasks);
        List<Task<?>> victims = new ArrayList<>();
        victims.add(slice.getLast().task()); // the place itself
        slice.getLast().task().parent().filter(any -> random.nextBoolean()).ifPresent(victims::add);
        victims.add(all.get(random.nextInt(all.size())));
        for (Task<?> victim : victims) {
            if (random.nextInt(3) > 0) {
                victim.cancel("pruned");
                victim.awaitOutcome();
            }
        }
    }

    private Set<CancelScope> bookmarks() throws InterruptedException {
        Set<CancelScope> left = Collections.newSetFromMap(new IdentityHashMap<>());
        var looked = new CountDownLatch(1);
        loop.scheduler.inLoop(() -> {
            CancelScope top = loop.tasks.scope();
            for (CancelScope scope = top; scope != null; scope = scope.nextBelow(top)) {
                if (scope.task == null && scope != top) {
                    left.add(scope);
                }
            }
            looked.countDown();
        });
        looked.await();
        return left;
    }

    @Test
    @Tag("full")
    void loopThatHangsDoesNotAnswerAndIsSeenAllTheSame() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        Task<Void> spinning = loop.spawn("spinning", () -> {
            begun.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        begun.await();
        try (TaskWalk walk = Kernel.get().walk(loop)) {
            assertTrue(walk.next().isEmpty());
        }
        LoopSight seen = Kernel.get().look(loop);
        release.countDown();
        assertEquals(spinning, seen.running());
        assertFalse(seen.asleep());
        assertEquals("seen", seen.name());
        spinning.join();
    }

    @Test
    void instrumentCanBePutOnAndTakenOffWhileTheLoopRuns() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Runnable takeOff = Kernel.get().instrument(loop, new Instrument() {
            @Override
            public void ended(Task<?> task) {
                seen.add(task.name());
            }
        });
        loop.spawn("one", () -> {}).join();
        takeOff.run();
        loop.spawn("two", () -> {}).join();
        assertEquals(List.of("one"), seen);
    }

    @Test
    void taskIsFoundByItsNumber() throws InterruptedException {
        var begun = new CountDownLatch(1);
        Task<Void> waiting = loop.spawn(() -> {
            begun.countDown();
            Heddle.sleep(Duration.ofDays(1));
        });
        begun.await();
        assertEquals(waiting, Kernel.get().find(loop, waiting.id()).orElseThrow());
        assertTrue(Kernel.get().find(loop, 999).isEmpty());
    }
}
