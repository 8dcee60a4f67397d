package dev.heddle;

import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.diagnosis.WaitGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Reports of tasks and threads that fight for the same locks all the time, but take them in order: no cycle is ever
 * seen.
 */
final class WaitReportStressTest {

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<ReentrantLock> locks = IntStream.range(0, 3).mapToObj(i -> new ReentrantLock()).toList();

    @Test
    void locksTakenInOrderAreNeverACycle() throws Exception {
        Config config = Config.DEFAULT.withSignals(false).withBlockedAfter(ZERO);
        List<Thread> threads = new ArrayList<>();
        List<Task<Void>> tasks = new ArrayList<>();
        try (Loop one = Loop.start(config.withName("one")); Loop other = Loop.start(config.withName("other"))) {
            for (int i = 0; i < 2; i++) {
                tasks.add(one.spawn(this::fight));
                tasks.add(other.spawn(this::fight));
                threads.add(Thread.ofPlatform().daemon().start(this::fight));
            }
            long start = System.nanoTime();
            long edges = 0;
            while (System.nanoTime() - start < NANOS) {
                WaitReport report = WaitReport.capture();
                assertEquals(List.of(), report.cycles());
                edges += report.waits().stream().filter(wait -> !wait.holders().isEmpty()).count();
                List<LoopView> views = new ArrayList<>();
                for (Loop loop : List.of(one, other)) {
                    LoopView view = LoopView.ofSleeping(loop);
                    if (view != null) {
                        views.add(view);
                    }
                }
                WaitGraph graph = WaitGraph.ofHeld(views);
                assertTrue(graph.cycles().stream().noneMatch(graph::stillHolds));
            }
            enough.set(true);
            tasks.forEach(Task::join);
            assertTrue(edges > 0, "nobody ever waited for a holder");
        } finally {
            enough.set(true);
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            }
        }
    }

    private void fight() {
        SplittableRandom random = new SplittableRandom();
        while (!enough.get()) {
            int first = random.nextInt(locks.size() - 1);
            int second = random.nextInt(first + 1, locks.size());
            locks.get(first).lock();
            locks.get(second).lock();
            if (Thread.currentThread().isVirtual()) {
                Heddle.checkpoint();
            }
            locks.get(second).unlock();
            locks.get(first).unlock();
        }
    }
}
