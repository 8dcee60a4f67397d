package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.sync.Barrier;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Select;
import dev.heddle.sync.WorkQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that swallows its cancel, or whose waits have no time left, keeps no loop to itself and is told of once. */
@Timeout(60)
final class SwallowedCancelTest {

    /** More deliveries in ten seconds would be a spin: a wait that costs nothing has 14,000. */
    private static final int MANY = 20_000;

    private final List<String> reports = new CopyOnWriteArrayList<>();

    // ---- waits of ours ----

    @Test
    @Tag("full")
    void everyWaitOfASwallowedCancelGivesWay() {
        Channel<String> channel = Channel.of(1);
        Promise<String> promise = new Promise<>();
        swallowing(() -> sleep(ofHours(1)));
        swallowing(() -> sleep(Duration.ZERO));
        swallowing(() -> checkpoint());
        swallowing(channel::receive);
        swallowing(() -> channel.receiveWithin(ofHours(1)));
        swallowing(() -> channel.receiveWithin(Duration.ZERO));
        swallowing(promise::join);
        swallowing(() -> Event.create().await());
        swallowing(() -> WorkQueue.fifo(1).take());
        swallowing(() -> Barrier.of(2).await());
        swallowing(() -> ConcurrencyLimiter.of(1).acquire());
        swallowing(() -> Select.<String>of().receive(channel, text -> text).get());
        swallowing(() -> CancelScope.throwIfCancelled());
        swallowing(() -> new ParkingLot("nothing").park());
        swallowing(() -> new Waiter("nothing").await());
        swallowing(() -> currentLoop().awaitIdle());
        swallowing(() -> spawn(() -> sleep(ofHours(1))).join());
    }

    @Test
    @Tag("full")
    void swallowedCancelOfWhatIsInsideGivesWayToo() {
        swallowing(() -> timeout(ofSeconds(5), () -> sleep(ofHours(1))));
        swallowing(() -> moveOnAfter(Duration.ZERO, () -> sleep(ofHours(1))));
        swallowing(() -> moveOnAfter(ofSeconds(-1), () -> sleep(ofHours(1))));
        swallowing(() -> gather(() -> sleep(ofHours(1)), () -> sleep(ofHours(1))));
        swallowing(() -> map(List.of(1, 2), 2, item -> {
            sleep(ofHours(1));
            return item;
        }));
        swallowing(() -> Heddle.group(g -> {
            g.spawn(() -> sleep(ofHours(1)));
        }));
        swallowing(() -> {
            try {
                sleep(ofHours(1));
            } finally {
                sleep(ofHours(1));
            }
        });
    }

    @Test
    void pollsInAShieldBetweenDoNotMakeItANewStory() {
        swallowing(() -> {
            try {
                sleep(ofHours(1));
            } finally {
                shield(() -> moveOnAfter(Duration.ZERO, () -> sleep(ofHours(1))));
            }
        });
    }

    @Test
    void pauseGrowsWithTheDeliveriesToFiftyMilliseconds() {
        var pace = new Pace(0, false);
        var lane = new Pace.Lane(0);
        long now = 0;
        long before = 0;
        for (int i = 0; i < 600_000; i++) {
            long pause = pace.next(now, lane);
            assertTrue(pause >= before && pause <= ofMillis(50).toNanos(), "pause " + pause);
            before = pause;
            now += pause;
        }
        assertEquals(ofMillis(50).toNanos(), before);
    }

    @Test
    void roundThatTakesLongIsHeldBackForAsLongAfterSomeDozen() {
        var pace = new Pace(0, false);
        var lane = new Pace.Lane(0);
        long now = 0;
        for (int i = 1; i < Pace.EVEN; i++) {
            now += ofMillis(1).toNanos();
            now += pace.next(now, lane);
        }
        assertEquals(ofMillis(1).toNanos(), pace.next(now + ofMillis(1).toNanos(), lane));
    }

    @Test
    @Tag("full")
    void hundredTasksOfALoopTakeTurnsSoThatTheyTakeNoMoreOfItThanFew() {
        simulate(() -> {
            AtomicBoolean free = new AtomicBoolean();
            int[] rounds = new int[1];
            for (int i = 0; i < 100; i++) {
                spawn(() -> swallow(free, () -> {
                    rounds[0]++;
                    sleep(ofHours(1));
                })).cancel();
            }
            sleep(ofMinutes(1));
            int inTheFirstMinute = rounds[0];
            sleep(ofMinutes(1));
            free.set(true);
            assertTrue(rounds[0] - inTheFirstMinute < 200_000, "rounds: " + (rounds[0] - inTheFirstMinute));
        });
    }

    @Test
    void cleanUpThatWaitsSomeTimesIsNeitherHeldBackNorReported() {
        simulate(() -> {
            Duration[] took = new Duration[1];
            Task<Void> task = spawn(() -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    Duration start = ManualEngine.elapsed();
                    for (int i = 0; i < 300; i++) {
                        assertThrows(CancelledException.class, () -> sleep(ofHours(1)));
                    }
                    took[0] = ManualEngine.elapsed().minus(start);
                }
            });
            checkpoint();
            task.cancel();
            task.awaitOutcome();
            assertTrue(took[0].compareTo(ofMillis(10)) < 0, () -> "took " + took[0]);
            sleep(ofMinutes(1));
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void itIsReportedOnceWithItsLineItsCountAndTheAdvice() {
        simulate(() -> {
            AtomicBoolean free = new AtomicBoolean();
            Task<Void> worker = spawn("worker", () -> swallow(free, () -> sleep(ofHours(1))));
            checkpoint();
            worker.cancel("the client left");
            for (int i = 0; i < 60; i++) {
                sleep(ofSeconds(1));
                currentLoop().openCancels.look();
            }
            free.set(true);
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(
                    reports.getFirst().matches("task worker \\(loop, running\\) swallows its cancel at"
                            + " .*Sleep\\.java:\\d+\\), [0-9,]+ times in 1 s \\(the client left\\): let"
                            + " CancelledException and InterruptedException pass where others are caught; clean-up"
                            + " that must wait goes into shield\\(\\.\\.\\.\\)"),
                    reports.getFirst());
        });
    }

    @Test
    void endOfTheLoopSaysNothingMoreOfIt() {
        Heddle.run(config().withShutdownTimeout(ofSeconds(30)), () -> {
            currentLoop().spawn("worker", () -> swallow(new AtomicBoolean(), () -> sleep(ofHours(1))));
            checkpoint();
        });
        assertEquals(1, reports.size(), reports::toString);
    }

    @Test
    void whatEndsALaterScopeIsAnotherStory() {
        simulate(() -> {
            for (int i = 0; i < 10_000; i++) {
                assertFalse(moveOnAfter(ofMillis(1), () -> sleep(ofHours(1))));
            }
            assertEquals(ofSeconds(10), ManualEngine.elapsed());
        });
    }

    // ---- waits whose time is up ----

    @Test
    void deadlineReachesALoopWhoseWaitsHaveNoTimeLeft() {
        Channel<String> channel = Channel.of(1);
        for (Duration limit : List.of(Duration.ZERO, ofMillis(-1))) {
            isCutOff(() -> moveOnAfter(limit, channel::receive));
            isCutOff(() -> channel.receiveWithin(limit));
            isCutOff(() -> Event.create().awaitWithin(limit));
            isCutOff(() -> WorkQueue.fifo(1).takeWithin(limit));
            isCutOff(() -> Select.<String>of().receive(channel, text -> text).getWithin(limit));
            isCutOff(() -> Tasks.awaitWithin(limit, List.of(new Promise<>()), AwaitCondition.ALL_COMPLETED));
            isCutOff(() -> new Waiter("nothing").awaitWithin(limit));
            isCutOff(() -> new ParkingLot("nothing").parkWithin(limit));
            isCutOff(() -> sleep(limit));
            isCutOff(() -> {
                try {
                    timeout(limit, channel::receive);
                } catch (DeadlineExceededException e) {
                    // Again.
                }
            });
        }
        Heddle.run(() -> {
            Mutex held = Mutex.create();
            spawn(() -> held.run(() -> sleep(ofHours(1))));
            checkpoint();
            boolean[] never = new boolean[1];
            assertFalse(moveOnAfter(ofMillis(50), () -> {
                while (!never[0]) {
                    held.acquireWithin(Duration.ZERO);
                }
            }));
        });
    }

    @Test
    void stopReachesALoopWhoseWaitsHaveNoTimeLeft() throws Exception {
        Loop loop = Loop.start(Config.DEFAULT.withSignals(false));
        Channel<String> channel = Channel.of(1);
        Task<Void> poller = loop.spawn(() -> {
            while (true) {
                moveOnAfter(Duration.ZERO, channel::receive);
            }
        });
        loop.close();
        assertEquals(Task.State.CANCELLED, poller.state());
    }

    @Test
    void bodyWithNoTimeLeftStillRunsToItsFirstWaitAndGetsWhatNeedsNone() {
        simulate(() -> {
            Channel<String> channel = Channel.of(1);
            channel.send("there");
            assertEquals("there", moveOnAfter(Duration.ZERO, () -> channel.tryReceive().orElseThrow()).orElseThrow());
            channel.send("there");
            assertEquals("there", channel.receiveWithin(Duration.ZERO).orElseThrow());
        });
    }

    // ---- waits of the JDK ----

    @Test
    void waitsOfTheJdkThatSwallowTheirInterruptAreInterruptedAtThatPace() {
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        swallowing(() -> queue.take());
        CompletableFuture<String> future = new CompletableFuture<>();
        swallowing(() -> future.get());
    }

    @Test
    void waitThatKeepsItsInterruptForLaterIsNotInterruptedOverAndOver() {
        CompletableFuture<String> never = new CompletableFuture<>();
        int[] interrupts = new int[1];
        simulate(() -> {
            Task<Void> deaf = spawn("deaf", () -> {
                while (!never.isDone()) {
                    try {
                        never.get();
                    } catch (InterruptedException e) {
                        interrupts[0]++;
                    }
                }
            });
            checkpoint();
            deaf.cancel();
            sleep(ofSeconds(10));
            assertTrue(interrupts[0] > 100 && interrupts[0] < MANY, "interrupts: " + interrupts[0]);
            assertEquals(1, reports.size(), reports::toString);
            never.complete("at last");
        });
    }

    @Test
    @Tag("full")
    void waitForAForkJoinTaskTakesTheInterruptsAtTheirPace() {
        try (var pool = new ForkJoinPool(1)) {
            var gate = new CompletableFuture<Void>();
            var joined = pool.submit(gate::join);
            Loop loop = Loop.start(config().withEngine(Config.DEFAULT.engine()));
            Task<Void> joiner = loop.spawn("joiner", () -> {
                joined.join();
            });
            joiner.cancel("enough");
            long before = loop.statistics().turns();
            Heddle.run(() -> sleep(ofSeconds(1)));
            long turns = loop.statistics().turns() - before;
            assertTrue(turns < 3_000, "turns: " + turns);
            gate.complete(null);
            loop.close();
        }
    }

    // ---- calls that fail at once ----

    @Test
    void callsOnWhatIsClosedGiveWay() {
        simulate(() -> {
            Channel<String> closed = Channel.of(1);
            closed.close();
            isPaced(() -> closed.receive());
            isPaced(() -> closed.send("x"));
            WorkQueue<String> over = WorkQueue.fifo(1);
            over.close();
            isPaced(() -> over.put("x"));
        });
    }

    @Test
    void callsThatLookForNoCancelBeforeTheyFailGiveWayToo() {
        simulate(() -> isPaced(() -> {
            throw new BrokenException("the peer has gone");
        }));
    }

    @Test
    void taskThatRepeatsThemIsReportedOnce() {
        simulate(() -> {
            AtomicBoolean free = new AtomicBoolean();
            Channel<String> closed = Channel.of(1);
            closed.close();
            spawn("worker", () -> swallow(free, closed::receive));
            sleep(ofMinutes(1));
            free.set(true);
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(
                    reports.getFirst().matches("task worker \\(loop, running\\) repeats a call that fails at once at"
                            + " .*Channel.*\\.java:\\d+\\), [0-9,]+ times in 1 s \\(.*ClosedException: .*\\): leave the"
                            + " loop around it where that is caught"),
                    reports.getFirst());
        });
    }

    @Test
    void tellingAThousandsThatAreGoneTakesNoPause() {
        simulate(() -> {
            for (int i = 0; i < 20_000; i++) {
                Channel<String> gone = Channel.of(1);
                gone.close();
                assertThrows(ClosedException.class, () -> gone.send("x"));
            }
            assertEquals(Duration.ZERO, ManualEngine.elapsed());
        });
    }

    @Test
    void callsThatNeverHaveToWaitGiveWayInTheLongRun() {
        simulate(() -> {
            Channel<Integer> full = Channel.of(1);
            int[] turns = new int[1];
            AtomicBoolean free = new AtomicBoolean();
            spawn(() -> {
                while (!free.get()) {
                    checkpoint();
                    turns[0]++;
                }
            });
            for (int i = 0; i < 10_000; i++) {
                full.send(i);
                full.receive();
            }
            free.set(true);
            assertTrue(turns[0] >= 10, "turns: " + turns[0]);
        });
    }

    // ---- helpers ----

    /** A task that swallows its cancel at such a wait lets others go on in time, and comes round seldom. */
    private void swallowing(Action wait) {
        reports.clear();
        simulate(() -> {
            AtomicBoolean free = new AtomicBoolean();
            int[] rounds = new int[1];
            Task<Void> worker = spawn("worker", () -> swallow(free, () -> {
                rounds[0]++;
                wait.run();
            }));
            checkpoint();
            worker.cancel("enough");
            Duration start = ManualEngine.elapsed();
            sleep(ofSeconds(10));
            assertEquals(start.plus(ofSeconds(10)), ManualEngine.elapsed());
            free.set(true);
            assertTrue(rounds[0] > 100 && rounds[0] < MANY, "rounds: " + rounds[0]);
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(moveOnAfter(ofMillis(100), () -> {
                worker.awaitOutcome();
            }));
        });
    }

    private void isPaced(Action call) {
        AtomicBoolean free = new AtomicBoolean();
        int[] rounds = new int[1];
        Task<Void> worker = spawn("worker", () -> swallow(free, () -> {
            rounds[0]++;
            call.run();
        }));
        sleep(ofSeconds(10));
        free.set(true);
        assertTrue(rounds[0] > 1_000 && rounds[0] < 100_000, "rounds: " + rounds[0]);
        worker.join();
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void swallow(AtomicBoolean free, Action wait) {
        while (!free.get()) {
            try {
                wait.run();
            } catch (Exception e) {
                assertFalse(e instanceof IllegalStateException, e::toString); // what is meant is no failure
            }
        }
    }

    /** On a loop of real time, since in virtual time what never waits takes none. */
    private static void isCutOff(Action wait) {
        boolean[] never = new boolean[1];
        Heddle.run(() -> assertFalse(moveOnAfter(ofMillis(20), () -> {
            while (!never[0]) {
                wait.run();
            }
        })));
    }

    private Config config() {
        return ManualEngine.config().withFailureHandler((what, failure) -> reports.add(what));
    }

    private void simulate(Action body) {
        Heddle.run(config(), body);
    }
}
