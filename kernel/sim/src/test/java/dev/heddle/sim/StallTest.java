package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks and hosts that do not run for a time while others do. */
final class StallTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void stalledTaskRunsNothingUntilItsTimeHasPassedWhileOthersRun() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            List<String> order = new ArrayList<>();
            Task<Void> slow = spawn("slow", () -> {
                order.add("slow at " + sim.elapsed());
            });
            sim.stall(slow, SECOND.multipliedBy(5));
            Task<Void> other = spawn(() -> {
                sleep(SECOND);
                order.add("other at " + sim.elapsed());
            });
            slow.join();
            assertTrue(other.isDone());
            assertEquals(List.of("other at PT1S", "slow at PT5S"), order);
        });
    }

    @Test
    void whatAStalledTaskWaitsForHappensMeanwhile() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            Channel<String> channel = Channel.of(0);
            Task<Duration> receiver = spawn(() -> {
                channel.receive();
                return sim.elapsed();
            });
            sim.awaitIdle();
            sim.stall(receiver, SECOND);
            channel.send("taken at once, noticed late");
            assertEquals(Duration.ZERO, sim.elapsed());
            assertEquals(SECOND, receiver.join());
        });
    }

    @Test
    void runningTaskStallsAtItsNextWait() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            sim.stall(currentTask(), SECOND);
            assertEquals(Duration.ZERO, sim.elapsed());
            checkpoint();
            assertEquals(SECOND, sim.elapsed());
        });
    }

    @Test
    void deadlineOfAStalledTaskPassesAndIsNoticedLate() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            sim.stall(currentTask(), SECOND.multipliedBy(3));
            assertThrows(DeadlineExceededException.class, () -> timeout(SECOND, () -> sleep(Duration.ofHours(1))));
            assertEquals(SECOND.multipliedBy(3), sim.elapsed());
        });
    }

    @Test
    void sleepThatEndedBeforeAStalledTaskCouldSeeItsDeadlineHasEnded() {
        Sim.run(1, () -> {
            Sim.current().stall(currentTask(), SECOND.multipliedBy(3));
            timeout(SECOND, () -> sleep(SECOND.multipliedBy(2)));
            assertEquals(SECOND.multipliedBy(3), Sim.current().elapsed());
        });
    }

    @Test
    void cancelOfAStalledTaskIsNoticedWhenItGoesOn() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            Task<Void> task = spawn(() -> sleep(Duration.ofHours(1)));
            sim.awaitIdle();
            sim.stall(task, SECOND);
            task.cancel("enough");
            assertFalse(task.isDone());
            sleep(SECOND);
            sim.awaitIdle();
            assertEquals(Task.State.CANCELLED, task.state());
        });
    }

    @Test
    void stallOfZeroEndsAStall() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            Task<Duration> task = spawn(sim::elapsed);
            sim.stall(task, Duration.ofHours(1));
            sleep(SECOND);
            sim.stall(task, Duration.ZERO);
            assertEquals(SECOND, task.join());
        });
    }

    @Test
    void stallOfOneTaskLeavesThatOfAnotherAsItIs() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            Task<Duration> one = spawn(sim::elapsed);
            Task<Duration> other = spawn(sim::elapsed);
            sim.stall(one, SECOND);
            sim.stall(other, SECOND.multipliedBy(5));
            checkpoint();
            sim.stall(one, SECOND.multipliedBy(3));
            assertEquals(SECOND.multipliedBy(3), one.join());
            assertEquals(SECOND.multipliedBy(5), other.join());
        });
    }

    @Test
    void awaitingIdleDoesNotWaitForAStalledTask() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            Task<Void> task = spawn(() -> {});
            sim.stall(task, SECOND);
            sim.awaitIdle();
            assertFalse(task.isDone());
            assertEquals(Duration.ZERO, sim.elapsed());
        });
    }

    @Test
    void stallsEndWithTheBodyHoweverLongTheyWouldBe() {
        Sim.Result result = Sim.run(SimOptions.DEFAULT, sim -> {
            for (int i = 0; i < 3; i++) {
                sim.stall(spawn(() -> checkpoint()), Duration.ofDays(1));
            }
            checkpoint();
        });
        assertEquals(Duration.ZERO, result.virtualTime());
    }

    @Test
    void taskOfAnotherLoopCannotBeStalled() {
        Task<?> foreign = Sim.run(1, () -> currentTask());
        Sim.run(1, () -> {
            assertThrows(IllegalArgumentException.class, () -> Sim.current().stall(foreign, SECOND));
            Task<Void> ended = spawn(() -> {});
            ended.join();
            Sim.current().stall(ended, SECOND);
            assertThrows(IllegalArgumentException.class, () -> Sim.current().stall(ended, SECOND.negated()));
        });
    }

    @Test
    void stalledHostRunsNoneOfItsTasksAndItsConnectionsStayOpen() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT), sim -> {
            SimHost server = sim.network().host("server");
            Peers peers = Peers.connect();
            Task<Duration> echo = server.spawn(() -> spawn(() -> {
                peers.server().write(peers.server().readExactly(1));
                return sim.elapsed();
            }).join());
            sim.awaitIdle();
            Duration before = sim.elapsed();

            server.stall(SECOND);
            peers.client().write("x");
            assertFalse(moveOnAfter(SECOND.dividedBy(2), () -> peers.client().readExactly(1)).isPresent());
            peers.client().readExactly(1);

            assertEquals(before.plus(SECOND), echo.join());
            peers.close();
        });
    }

    @Test
    void hostWhoseStallOutlastsThePeersPatienceIsStillThereAfterwards() {
        Sim.run(1, () -> {
            SimHost host = Sim.current().network().host("server");
            int[] beats = new int[1];
            host.spawn(() -> {
                while (true) {
                    beats[0]++;
                    sleep(SECOND);
                }
            });
            sleep(SECOND.multipliedBy(10));
            int before = beats[0];
            host.stall(SECOND.multipliedBy(10));
            sleep(SECOND.multipliedBy(9));
            assertEquals(before, beats[0]);
            sleep(SECOND.multipliedBy(10));
            assertTrue(beats[0] > before + 5, () -> beats[0] + " beats");
        });
    }

    @Test
    void crashEndsAStall() {
        Sim.run(1, () -> {
            SimHost host = Sim.current().network().host("server");
            Task<Void> task = host.spawn(() -> sleep(Duration.ofDays(1)));
            Sim.current().awaitIdle();
            host.stall(Duration.ofDays(1));
            host.crash();
            Sim.current().awaitIdle();
            assertTrue(task.isDone());
        });
    }

    @Test
    void plannedStallsDelayTasksByTheSeedAndLoseNothing() {
        FaultPlan plan = FaultPlan.NONE.withStalls(0.2, SECOND);
        assertEquals(run(1, plan), run(1, plan));
        assertNotEquals(run(1, plan).traceHash(), run(2, plan).traceHash());
        assertTrue(run(1, plan).virtualTime().compareTo(SECOND) > 0);
        assertEquals(Duration.ZERO, run(1, FaultPlan.NONE).virtualTime());
    }

    private static Sim.Result run(long seed, FaultPlan plan) {
        return Sim.run(SimOptions.DEFAULT.withSeed(seed).withFaults(plan), sim -> {
            Channel<Integer> channel = Channel.of(2);
            spawn(() -> {
                for (int i = 0; i < 50; i++) {
                    channel.send(i);
                }
                channel.close();
            });
            int expected = 0;
            for (int each : channel) {
                assertEquals(expected++, each);
            }
            assertEquals(50, expected);
        });
    }

    @Test
    void plannedStallsOfHostsHitEachByItselfAndNeverLocalhost() {
        FaultPlan plan = FaultPlan.NONE.withHostStalls(SECOND.multipliedBy(10), SECOND.multipliedBy(3));
        Sim.run(SimOptions.DEFAULT.withFaults(plan), sim -> {
            Task<List<Duration>> one = sim.network().host("one").spawn(StallTest::lateBeats);
            Task<List<Duration>> other = sim.network().host("other").spawn(StallTest::lateBeats);
            assertEquals(List.of(), lateBeats());
            assertFalse(one.join().isEmpty());
            assertNotEquals(one.join(), other.join());
        });
    }

    @Test
    void bodyThatRunsOnAHostStallsWithIt() {
        Sim.run(1, () -> {
            SimHost host = Sim.current().network().host("ann");
            Task<Duration> inside = spawn(() -> host.run(() -> {
                sleep(SECOND);
                return Sim.current().elapsed();
            }));
            Task<Duration> behind = spawn(() -> {
                host.run(() -> {});
                sleep(SECOND);
                return Sim.current().elapsed();
            });
            checkpoint();
            checkpoint();
            host.stall(SECOND.multipliedBy(20));
            assertEquals(SECOND.multipliedBy(20), inside.join());
            assertEquals(SECOND, behind.join());
        });
    }

    @Test
    void plannedStallsOfHostsHitWhatRunsThereAndWhatThatSpawns() {
        FaultPlan plan = FaultPlan.NONE.withHostStalls(SECOND.multipliedBy(10), SECOND.multipliedBy(3));
        Sim.run(SimOptions.DEFAULT.withFaults(plan), sim -> {
            assertFalse(sim.network().host("one").run(StallTest::lateBeats).isEmpty());
            Task<List<Duration>> spawned = sim.network().host("other").run(() -> spawn(StallTest::lateBeats));
            assertFalse(spawned.join().isEmpty());
        });
    }

    @Test
    void timersOfAHostStallWithItAndEndWithItsCrash() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            SimHost host = sim.network().host("ann");
            List<Duration> ticks = new ArrayList<>();
            List<Duration> once = new ArrayList<>();
            host.run(() -> {
                currentLoop().callEvery(SECOND, () -> ticks.add(sim.elapsed()));
                currentLoop().callLater(SECOND.multipliedBy(3), () -> once.add(sim.elapsed()));
                currentLoop().callLater(SECOND.multipliedBy(20), () -> once.add(sim.elapsed()));
            });
            sleep(SECOND.dividedBy(2));
            host.stall(SECOND.multipliedBy(100));
            sleep(SECOND.multipliedBy(4));
            assertEquals(List.of(), ticks);
            host.stall(Duration.ZERO);
            sleep(SECOND);
            Duration goesOn = Duration.ofMillis(4_500);
            assertEquals(List.of(goesOn, goesOn, SECOND.multipliedBy(5)), ticks);
            assertEquals(List.of(goesOn), once);
            host.stall(SECOND.multipliedBy(3));
            sleep(SECOND.multipliedBy(2));
            host.crash();
            host.run(() -> currentLoop().callLater(SECOND, () -> once.add(sim.elapsed())));
            sleep(SECOND.multipliedBy(20));
            assertEquals(3, ticks.size(), ticks::toString);
            assertEquals(List.of(goesOn, Duration.ofMillis(8_500)), once);
        });
    }

    @Test
    void cleanUpBehindACrashStillHasItsTimers() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            SimHost host = sim.network().host("ann");
            Task<Void> worker = host.spawn(() -> {
                var over = new Promise<Duration>();
                currentLoop().callLater(SECOND.multipliedBy(9), () -> over.complete(sim.elapsed()));
                try {
                    sleep(SECOND.multipliedBy(100));
                } finally {
                    shield(() -> assertEquals(SECOND.multipliedBy(9), over.join()));
                }
            });
            sleep(SECOND);
            host.crash();
            worker.awaitOutcome();
            assertEquals(SECOND.multipliedBy(9), sim.elapsed());
        });
    }

    /** When a heartbeat came late, in a hundred of them. */
    private static List<Duration> lateBeats() {
        List<Duration> late = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Duration before = Sim.current().elapsed();
            sleep(SECOND);
            if (Sim.current().elapsed().minus(before).compareTo(SECOND) > 0) {
                late.add(before);
            }
        }
        return late;
    }

    @Test
    void callbacksNeverStall() {
        FaultPlan plan = FaultPlan.NONE.withStalls(0.5, SECOND);
        Sim.run(SimOptions.DEFAULT.withFaults(plan), sim -> {
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                currentLoop().callLater(SECOND.multipliedBy(i), () -> times.add(sim.elapsed()));
            }
            Duration start = sim.elapsed();
            sleep(SECOND.multipliedBy(30));
            assertEquals(20, times.size());
            for (int i = 0; i < 20; i++) {
                assertEquals(start.plusSeconds(i + 1), times.get(i));
            }
        });
    }
}
