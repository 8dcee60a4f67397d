package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How time passes in a simulation. */
final class VirtualTimeTest {

    @Test
    void sleepOfTenThousandHoursTakesNoRealTime() {
        Duration length = Duration.ofHours(10_000);
        long realStart = System.nanoTime();

        Sim.Result result = Sim.run(SimOptions.DEFAULT, sim -> sleep(length));

        assertEquals(length, result.virtualTime());
        assertTrue(Duration.ofNanos(System.nanoTime() - realStart).compareTo(Duration.ofMinutes(1)) < 0);
    }

    @Test
    void sleepEndsExactlyAtItsTime() {
        Sim.run(1, () -> {
            long start = currentLoop().nanoTime();
            sleep(Duration.ofNanos(123_456_789));
            assertEquals(123_456_789, currentLoop().nanoTime() - start);
        });
    }

    @Test
    void noTimePassesWhileTasksCanRun() {
        Sim.run(1, () -> {
            Task<Void> sleeper = spawn(() -> sleep(Duration.ofNanos(1)));
            for (int i = 0; i < 10_000; i++) {
                checkpoint();
            }
            assertFalse(sleeper.isDone());
            assertEquals(Duration.ZERO, Sim.current().elapsed());
        });
    }

    @Test
    void sleepOfZeroOrLessIsNoTime() {
        Sim.Result result = Sim.run(SimOptions.DEFAULT, sim -> {
            sleep(Duration.ZERO);
            sleep(Duration.ofSeconds(Long.MIN_VALUE));
        });
        assertEquals(Duration.ZERO, result.virtualTime());
    }

    @Test
    void sleepOfTheLongestDurationIsCutOffByAShorterDeadline() {
        Sim.run(1, () -> {
            assertThrows(
                    DeadlineExceededException.class,
                    () -> timeout(Duration.ofDays(1), () -> sleep(Duration.ofSeconds(Long.MAX_VALUE))));
            assertEquals(Duration.ofDays(1), Sim.current().elapsed());
        });
    }

    @Test
    void differentDeadlinesAreMetInTheirOrderWithAnySeed() {
        for (long seed = 0; seed < 50; seed++) {
            List<Integer> order = new ArrayList<>();
            Sim.run(seed, () -> {
                for (int delay : new int[]{30, 10, 20, 50, 40}) {
                    spawn(() -> {
                        sleep(Duration.ofMillis(delay));
                        order.add(delay);
                    });
                }
                sleep(Duration.ofSeconds(1));
            });
            assertEquals(List.of(10, 20, 30, 40, 50), order);
        }
    }

    @Test
    void tasksOfEqualDeadlinesGoOnInAnOrderThatTheSeedDraws() {
        Set<String> orders = new TreeSet<>();
        for (long seed = 0; seed < 50; seed++) {
            orders.add(orderOfEqualDeadlines(seed).toString());
        }
        assertTrue(orders.size() > 10, () -> "only " + orders);
        assertEquals(orderOfEqualDeadlines(7), orderOfEqualDeadlines(7));
    }

    private static List<Integer> orderOfEqualDeadlines(long seed) {
        List<Integer> order = new ArrayList<>();
        Sim.run(seed, () -> {
            for (int i = 0; i < 4; i++) {
                int name = i;
                currentLoop().callLater(Duration.ofSeconds(1), () -> order.add(name));
            }
            sleep(Duration.ofSeconds(2));
        });
        return order;
    }

    @Test
    void timersWorkWhereTheClockWrapsAround() {
        SimOptions nearTheEnd = SimOptions.DEFAULT.withClockOriginNanos(Long.MAX_VALUE - 1_500_000_000);
        List<Integer> order = new ArrayList<>();

        Sim.run(nearTheEnd, sim -> {
            for (int seconds = 3; seconds > 0; seconds--) {
                int delay = seconds;
                spawn(() -> {
                    sleep(Duration.ofSeconds(delay));
                    order.add(delay);
                });
            }
            assertThrows(
                    DeadlineExceededException.class,
                    () -> timeout(Duration.ofSeconds(2), () -> sleep(Duration.ofSeconds(5))));
            sleep(Duration.ofSeconds(5));
            assertEquals(Duration.ofSeconds(7), sim.elapsed());
        });

        assertEquals(List.of(1, 2, 3), order);
    }

    @Test
    void timersDoNotNoticeAJumpOfTheWallClock() {
        Instant start = Instant.parse("2040-02-03T04:05:06Z");
        Sim.run(SimOptions.DEFAULT.withStart(start), sim -> {
            assertEquals(start, currentLoop().engine().now());
            Task<Void> sleeper = spawn(() -> sleep(Duration.ofSeconds(10)));
            sleep(Duration.ofSeconds(1));

            sim.shiftWallClock(Duration.ofHours(-1));
            assertEquals(start.plusSeconds(1).minusSeconds(3600), currentLoop().engine().now());
            sim.shiftWallClock(Duration.ofHours(2));

            sleeper.join();
            assertEquals(Duration.ofSeconds(10), sim.elapsed());
            assertEquals(start.plusSeconds(10).plusSeconds(3600), currentLoop().engine().now());
        });
    }

    @Test
    void timersThatExpireWhileFrozenFireOnceEach() {
        List<Integer> order = new ArrayList<>();
        Sim.run(3, () -> {
            for (int i : new int[]{2, 3, 1}) {
                currentLoop().callLater(Duration.ofSeconds(i), () -> order.add(i));
            }
            Sim sim = Sim.current();
            sim.freeze(Duration.ofSeconds(10));
            assertEquals(Duration.ofSeconds(10), sim.elapsed());
            sim.awaitIdle();
            assertEquals(3, order.size());
            assertEquals(Duration.ofSeconds(10), sim.elapsed());
            sleep(Duration.ofSeconds(100));
        });
        assertEquals(Set.of(1, 2, 3), Set.copyOf(order));
        assertEquals(3, order.size());
    }

    @Test
    void clockDoesNotJumpOverATimedWaitForAnotherThread() {
        CompletableFuture<String> outside = new CompletableFuture<>();
        Thread other = Thread.ofPlatform().unstarted(() -> outside.complete("done"));
        Sim.run(SimOptions.DEFAULT.withRealTimeWaits(true), sim -> {
            Task<Void> sleeper = spawn(() -> sleep(Duration.ofMillis(1)));
            spawn(other::start);

            assertEquals("done", outside.get(30, TimeUnit.SECONDS));

            assertEquals(Duration.ZERO, Sim.current().elapsed());
            assertFalse(sleeper.isDone());
            sleeper.join();
            assertEquals(Duration.ofMillis(1), Sim.current().elapsed());
        });
    }

    @Test
    void clockDoesNotJumpOverARealSleep() {
        Sim.run(SimOptions.DEFAULT.withRealTimeWaits(true), sim -> {
            Task<Void> sleeper = spawn(() -> sleep(Duration.ofMillis(1)));
            long realStart = System.nanoTime();
            Thread.sleep(30);
            assertTrue(System.nanoTime() - realStart >= 30_000_000);
            assertEquals(Duration.ZERO, Sim.current().elapsed());
            assertFalse(sleeper.isDone());
        });
    }

    @Test
    void offloadedWorkTakesNoVirtualTime() {
        Sim.run(1, () -> {
            Task<Void> sleeper = spawn(() -> sleep(Duration.ofMillis(1)));
            assertEquals(5, offload(() -> 5));
            assertFalse(sleeper.isDone());
            assertEquals(Duration.ZERO, Sim.current().elapsed());
        });
    }

    @Test
    void clockDoesNotJumpOverBytesOnTheirWay() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT.withLatency(Duration.ofMillis(5))), sim -> {
            Peers peers = Peers.connect();
            spawn(() -> sleep(Duration.ofHours(1)));
            Duration before = sim.elapsed();

            peers.client().write("x");
            assertEquals('x', peers.server().readExactly(1)[0]);

            assertEquals(Duration.ofMillis(5), sim.elapsed().minus(before));
            peers.close();
        });
    }

    @Test
    void awaitingIdleGoesBeforeAnyJump() {
        Sim.run(1, () -> {
            List<String> steps = new ArrayList<>();
            spawn(() -> {
                for (int i = 0; i < 100; i++) {
                    checkpoint();
                }
                steps.add("busy task waits");
                sleep(Duration.ofNanos(1));
                steps.add("time passed");
            });

            Sim.current().awaitIdle();

            assertEquals(List.of("busy task waits"), steps);
        });
    }

    @Test
    void cancelledAwaitOfIdlenessLeavesNothingBehind() {
        Sim.run(1, () -> {
            Task<Void> waiting = spawn(Sim.current()::awaitIdle);
            waiting.cancel("enough");
            sleep(Duration.ofSeconds(1));
            assertTrue(waiting.isDone());
            Sim.current().awaitIdle();
        });
    }
}
