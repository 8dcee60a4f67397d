package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a loop lets a simulated engine decide about its tasks. */
final class KeptBackTest {

    /** Keeps one task back until it is told otherwise, and writes down the waits it hears of. */
    private static final class Watching extends ForwardingSimulation {

        private final List<String> realWaits = new ArrayList<>();
        private final List<Boolean> unknownWaits = new ArrayList<>();
        private long stalled = -1;
        private Runnable resume;

        Watching() {
            super(new ManualEngine(1));
        }

        @Override
        public boolean keepsBack(long id, Runnable resume) {
            if (id == stalled) {
                this.resume = resume;
                return true;
            }
            return false;
        }

        @Override
        public boolean refusesRealTime(String who, StackTraceElement[] stack) {
            realWaits.add(who);
            return false;
        }

        @Override
        public boolean awaitOthers(boolean unknown) {
            unknownWaits.add(unknown);
            return false;
        }
    }

    private static Watching run(Function<Watching, Action> body) {
        Watching engine = new Watching();
        Heddle.run(Config.DEFAULT.withSignals(false).withEngine(() -> engine), body.apply(engine));
        return engine;
    }

    @Test
    void taskThatIsKeptBackDoesNotRunUntilItIsResumed() {
        run(engine -> () -> {
            Task<Void> task = spawn(() -> {});
            engine.stalled = task.id();
            sleep(Duration.ofHours(1));
            assertEquals(Task.State.PENDING, task.state());
            engine.stalled = -1;
            engine.resume.run();
            task.join();
        });
    }

    @Test
    void timedWaitInCodeOfTheJdkIsToldAndOneInAnOffloadedBodyIsNot() {
        Watching engine = run(unused -> () -> {
            offload(() -> Thread.sleep(1));
            checkpoint();
            sleep(Duration.ofHours(1));
            Thread.sleep(20); // longer than it takes to see it
            assertTrue(currentTask().waitingFor().isEmpty());
        });
        assertEquals(1, engine.realWaits.size());
        assertTrue(engine.realWaits.getFirst().startsWith("task main "), engine.realWaits::toString);
    }

    @Test
    void waitForWhatNobodyOwnsIsToldAsUnknownAndOneForATaskOfTheLoopIsNot() {
        assertEquals(true, firstStallOf(() -> new CountDownLatch(1).await()));
        assertEquals(true, firstStallOf(() -> new FutureTask<>(() -> 1).get()));
        assertEquals(false, firstStallOf(() -> new Promise<Void>().join()));
        ReentrantLock lock = new ReentrantLock();
        assertEquals(false, firstStallOf(() -> {
            Promise<Boolean> taken = new Promise<>();
            spawn(() -> {
                lock.lockInterruptibly();
                taken.complete(true);
                new Promise<Void>().join();
            });
            taken.join();
            lock.lockInterruptibly();
        }));
    }

    private static boolean firstStallOf(Action body) {
        Watching engine = new Watching();
        try {
            Heddle.run(Config.DEFAULT.withSignals(false).withEngine(() -> engine), body);
        } catch (DeadlockException e) {
            // In some of them the main task cannot be cancelled out of its wait first.
        }
        return engine.unknownWaits.getFirst();
    }
}
