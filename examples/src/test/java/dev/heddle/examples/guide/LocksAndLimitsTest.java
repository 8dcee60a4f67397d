package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Limiter;
import dev.heddle.sync.Mutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on locks and limits. */
final class LocksAndLimitsTest {

    private final Mutex till = Mutex.create();
    private final List<String> dishes = new ArrayList<>();
    private int stock = 100;
    private int rounds;

    private static List<String> linesOf(Action body) {
        return Output.of(() -> Sim.run(body));
    }

    private static String query(String key) {
        sleep(Duration.ofSeconds(1));
        return "row " + key;
    }

    private static void dine() {
        sleep(Duration.ofSeconds(1));
    }

    private void sellWithWait() {
        till.run(() -> {
            int before = stock;
            sleep(Duration.ofMillis(100));      // others of the loop run, but none of them in here
            stock = before - 1;
        });
    }

    @Test
    void mutexGuardsAnUpdateWithAWaitInIt() {
        Sim.run(() -> {
            group(g -> {
                for (int i = 0; i < 100; i++) {
                    g.spawn(this::sellWithWait);
                }
            });
            assertEquals(0, stock);
        });
    }

    @Test
    void mutexWhoseHolderIsGoneIsBrokenUntilItIsRepaired() {
        List<String> lines = linesOf(() -> {
            Mutex stove = Mutex.named("stove");
            spawn("cook", () -> stove.acquire()).join();            // ends, and never releases
            try {
                stove.run(() -> IO.println("not reached"));
            } catch (BrokenException e) {
                IO.println(e.getMessage());                         // mutex stove is broken: task cook ended without releasing it
                stove.repair();                                     // after looking at what the cook left half done
            }
            stove.run(() -> IO.println("cooks again"));
        });
        assertEquals(
                List.of("mutex stove is broken: task cook ended without releasing it", "cooks again"),
                lines);
    }

    @Test
    void conditionLetsGoOfItsMutexWhileItWaits() {
        assertEquals(List.of("eats soup"), linesOf(() -> {
            Mutex kitchen = Mutex.create();
            Condition served = kitchen.newCondition();
            Task<String> guest = spawn(() -> kitchen.run(() -> {
                served.awaitUntil(() -> !dishes.isEmpty());         // lets go of the kitchen while it waits
                return dishes.removeFirst();
            }));
            kitchen.run(() -> {
                dishes.add("soup");
                served.signal();                                    // or signalAll()
            });
            IO.println("eats " + guest.join());
        }));
    }

    @Test
    void eventIsWaitedForUntilItIsSet() {
        assertEquals(List.of("still closed", "open"), linesOf(() -> {
            Event open = Event.create();
            spawn(() -> {
                boolean early = open.awaitWithin(Duration.ofSeconds(1));
                IO.println(early ? "early" : "still closed");
                open.await();
                IO.println("open");
            });
            sleep(Duration.ofSeconds(8));
            open.set();                                             // wakes all who wait; who comes later does not wait
            Sim.current().awaitIdle();
        }));
    }

    @Test
    void limiterLetsSoManyInAtATime() {
        Sim.run(() -> {
            List<String> keys = List.of("a", "b", "c", "d");
            Limiter database = Limiter.named("database", 2);
            List<String> rows = map(keys, 10, key -> database.run(() -> query(key)));      // two queries at a time
            assertEquals(List.of("row a", "row b", "row c", "row d"), rows);
            assertEquals(Duration.ofSeconds(2), Sim.current().elapsed());
        });
    }

    @Test
    void semaphoreCounts() {
        Sim.run(() -> {
            BoundedSemaphore tables = BoundedSemaphore.of(3);
            tables.run(() -> dine());
            assertEquals(3, tables.statistics().available());
        });
    }

    @Test
    void barrierReleasesAllOrNone() {
        List<String> lines = linesOf(() -> {
            Barrier round = Barrier.of(3, () -> IO.println("round " + ++rounds));   // the last one to arrive runs this
            group(g -> {
                for (int player = 1; player <= 3; player++) {
                    Duration turn = Duration.ofSeconds(player);
                    g.spawn(() -> {
                        for (int i = 0; i < 2; i++) {
                            sleep(turn);
                            round.await();
                        }
                    });
                }
            });
            IO.println("after " + Sim.current().elapsed());
        });
        assertEquals(List.of("round 1", "round 2", "after PT6S"), lines);
    }

    @Test
    void locksOfTheJdkWorkInTasks() {
        Sim.run(() -> {
            var places = new Semaphore(3);
            group(g -> {
                for (int i = 0; i < 9; i++) {
                    g.spawn(() -> {
                        places.acquire();                       // at most three at a time; the others wait, the loop does not
                        try {
                            sleep(Duration.ofSeconds(2));
                        } finally {
                            places.release();
                        }
                    });
                }
            });
            assertEquals(Duration.ofSeconds(6), Sim.current().elapsed());
        });
    }

    @Test
    void limitOfTimeAroundACallOfTheJdkIsSimulated() {
        Sim.run(() -> {
            var places = new Semaphore(0);
            boolean free = moveOnAfter(Duration.ofSeconds(5), () -> places.acquire());     // and not tryAcquire(5, SECONDS)
            assertFalse(free);
            assertEquals(Duration.ofSeconds(5), Sim.current().elapsed());
        });
    }
}
