package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.heddle.engine.NioEngine;
import dev.heddle.engine.WaitSlot;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Mutex;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What the hot paths allocate, as the JVM counts it for the thread that drives the loop. A test fails when it grows; if
 * that is meant, its number changes with a reason. Nothing here depends on time: it is tried until a round is as cheap
 * as it should be, since loading, compiling and stacks that find their size come first.
 */
final class AllocationTest {

    private static final int OPERATIONS = 10_000;
    private static final int MAX_ROUNDS = 200;

    /** What a round itself costs, its tasks and looks at the engine, in each operation; the least object takes more. */
    private static final double SHARE_OF_ROUND = 7.0;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Runs rounds of so many operations in a task until one costs at most so many bytes each. */
    private static void assertAllocates(int most, Action round) {
        double least = Double.MAX_VALUE;
        Config config = Config.DEFAULT.withSignals(false).withEngine(NioEngine::new).withBlockedAfter(ofHours(1));
        try (Loop loop = Loop.create(config)) {
            for (int i = 0; i < MAX_ROUNDS && least > most + SHARE_OF_ROUND; i++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                Task<Void> task = loop.spawn(round);
                while (!task.isDone()) {
                    loop.step(ZERO);
                }
                task.join();
                least = Math.min(least, (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / OPERATIONS);
            }
        }
        assertTrue(least <= most + SHARE_OF_ROUND, least + " bytes, not " + most);
    }

    private static void times(int count, Runnable operation) {
        for (int i = 0; i < count; i++) {
            operation.run();
        }
    }

    @Test
    void givingWayAllocatesNothing() {
        Action half = () -> times(OPERATIONS / 2, Heddle::checkpoint);
        assertAllocates(0, () -> gather(half, half));
    }

    @Test
    void wakingAndWaitingAllocateNothing() {
        var first = new Waiter("the second's turn");
        var second = new Waiter("the first's turn");
        assertAllocates(0, () -> gather(
                () -> times(OPERATIONS / 2, () -> {
                    second.complete();
                    first.await();
                    first.reset();
                }),
                () -> times(OPERATIONS / 2, () -> {
                    second.await();
                    second.reset();
                    first.complete();
                })));
    }

    @Test
    void waitsOfASlotAllocateNothing() {
        var slot = new WaitSlot("news");
        assertAllocates(0, () -> gather(
                () -> times(OPERATIONS, slot::await),
                () -> times(OPERATIONS, () -> {
                    while (!slot.wake()) {
                        checkpoint();
                    }
                })));
    }

    @Test
    void aTaskAllocatesItselfAndItsThread() {
        Action nothing = () -> {};
        assertAllocates(424, () -> Heddle.group(group -> {
            times(OPERATIONS, () -> group.spawn(nothing));
            return true;
        }));
    }

    @Test
    void anElementOfABufferedChannelAllocatesNothing() {
        Channel<String> channel = Channel.of(128);
        assertAllocates(0, () -> gather(
                () -> times(OPERATIONS, () -> channel.send("x")),
                () -> times(OPERATIONS, channel::receive)));
    }

    @Test
    void anElementOfARendezvousAllocatesAWait() {
        Channel<String> channel = Channel.of(0);
        assertAllocates(64, () -> gather(
                () -> times(OPERATIONS, () -> channel.send("x")),
                () -> times(OPERATIONS, channel::receive)));
    }

    @Test
    void aMutexThatIsFreeAllocatesNothing() {
        Mutex mutex = Mutex.create();
        assertAllocates(0, () -> times(OPERATIONS, () -> {
            mutex.acquire();
            mutex.release();
        }));
    }

    @Test
    void aCallbackThatIsSetAndCancelledAllocatesItsHandle() {
        Duration delay = ofHours(1);
        Runnable nothing = () -> {};
        assertAllocates(56, () -> {
            Loop loop = Heddle.currentLoop();
            times(OPERATIONS, () -> loop.callLater(delay, nothing).cancel());
        });
    }

    @Test
    void aDeadlineAllocatesAScopeAndItsTimer() {
        Duration limit = ofHours(1);
        Action nothing = () -> {};
        assertAllocates(104, () -> times(OPERATIONS, () -> Heddle.timeout(limit, nothing)));
    }

    @Test
    void aSleepAllocatesItsTimerAndItsWait() {
        Duration moment = Duration.ofNanos(1);
        assertAllocates(96, () -> times(OPERATIONS, () -> Heddle.sleep(moment)));
    }
}
