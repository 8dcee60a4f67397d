package dev.heddle;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.ListenOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** While nothing happens, a loop and its watchdog sleep: neither turns nor CPU time. */
final class IdleTest {

    private static final long MAX_CPU_NANOS = 20_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Test
    void idleLoopTakesNoTurns() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            loop.spawn(() -> sleep(ofHours(1)));
            assertSleeps(loop, "loop");
        }
    }

    @Test
    void loopWithAnOpenListenerTakesNoTurns() {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("listening"))) {
            loop.spawn(() -> loop.engine()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT)
                    .accept());
            assertSleeps(loop, "listening");
        }
    }

    @Test
    void waitersThatCannotBeServedAreNotPolled() {
        run(() -> group(g -> {
            for (int i = 0; i < 1000; i++) {
                g.spawn(() -> new Waiter("nothing").await());
            }
            sleep(ofMillis(20));
            LoopStatistics before = Heddle.currentLoop().statistics();
            sleep(ofMillis(50));
            LoopStatistics after = Heddle.currentLoop().statistics();
            assertTrue(after.ran() - before.ran() < 5, (after.ran() - before.ran()) + " resumptions");
            g.cancel("enough");
        }));
    }

    @Test
    void cancelledTaskThatCannotEndYetDoesNotSpin() {
        run(() -> {
            Task<Void> stubborn = spawn(() -> Heddle.shield(() -> sleep(ofMillis(80))));
            Heddle.checkpoint();
            stubborn.cancel("enough");
            LoopStatistics before = Heddle.currentLoop().statistics();
            sleep(ofMillis(50));
            LoopStatistics after = Heddle.currentLoop().statistics();
            assertTrue(after.turns() - before.turns() < 10, (after.turns() - before.turns()) + " turns");
        });
    }

    @Test
    void simulatedTimeGoesStraightToTheNextTimer() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 1000; i++) {
                spawn(() -> sleep(ofHours(1)));
            }
            Heddle.checkpoint();
            LoopStatistics before = Heddle.currentLoop().statistics();
            sleep(ofHours(1));
            LoopStatistics after = Heddle.currentLoop().statistics();
            assertTrue(after.polls() - before.polls() <= 6, (after.polls() - before.polls()) + " polls");
        });
    }

    @Test
    void sleepingForManyTimersWakesUpNoMoreThanOncePerLevelOfTheWheel() {
        run(() -> {
            for (int i = 0; i < 1000; i++) {
                spawn(() -> sleep(ofHours(1)));
            }
            Heddle.checkpoint();
            sleep(ofMillis(20));
            LoopStatistics before = Heddle.currentLoop().statistics();
            sleep(ofMillis(200));
            LoopStatistics after = Heddle.currentLoop().statistics();
            assertTrue(after.turns() - before.turns() < 10, (after.turns() - before.turns()) + " turns");
        });
    }

    private static void assertSleeps(Loop loop, String threadName) {
        pause(100);
        long turns = loop.statistics().turns();
        long cpu = cpuNanos(Set.of(threadName, "heddle-watchdog"));
        pause(300);
        long moreTurns = loop.statistics().turns() - turns;
        long moreCpu = cpuNanos(Set.of(threadName, "heddle-watchdog")) - cpu;
        assertTrue(moreTurns <= 1, moreTurns + " turns");
        assertTrue(moreCpu < MAX_CPU_NANOS, moreCpu + " ns of CPU time");
    }

    private static long cpuNanos(Set<String> names) {
        return LongStream.of(THREADS.getAllThreadIds())
                .filter(id -> THREADS.getThreadInfo(id) != null)
                .filter(id -> names.contains(THREADS.getThreadInfo(id).getThreadName()))
                .map(THREADS::getThreadCpuTime)
                .boxed()
                .collect(Collectors.summingLong(Long::longValue));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
