package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.DeadlockException;
import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerOptions;
import dev.heddle.sync.CircuitOpenException;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Memo;
import dev.heddle.sync.MemoOptions;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Permits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on locks and limits. */
final class LocksAndLimitsTest {

    private final Mutex till = Mutex.create();
    private final List<String> dishes = new ArrayList<>();
    private final Mutex talk = Mutex.create();
    private final Condition spoken = talk.newCondition();
    private boolean said;
    private int stock = 100;
    private int rounds;
    private int asked;

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

    private static void bake(Permits oven) {
        oven.run(() -> sleep(Duration.ofSeconds(1)));
    }

    @Test
    void whoeverTakesPermitsNeedNotKnowWhich() {
        Sim.run(() -> {
            for (Permits oven : List.of(Mutex.create(), BoundedSemaphore.of(1), ConcurrencyLimiter.of(1))) {
                gather(() -> bake(oven), () -> bake(oven));
            }
            assertEquals(Duration.ofSeconds(6), Sim.current().elapsed());
        });
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

    private void workThenUpdate() {
        sleep(Duration.ofSeconds(3));                       // all at the same time
        till.run(() -> {                                    // one at a time
            int before = stock;
            sleep(Duration.ofMillis(500));
            stock = before - 1;
        });
    }

    private void workThenUpdateWithoutALock() {
        sleep(Duration.ofSeconds(3));
        int before = stock;
        sleep(Duration.ofMillis(500));
        stock = before - 1;
    }

    private void workThenUpdateWithoutAWait() {
        sleep(Duration.ofSeconds(3));
        stock = stock - 1;
    }

    private static void aHundredTogether(Action body) {
        group(g -> {
            for (int i = 0; i < 100; i++) {
                g.spawn(body);
            }
        });
    }

    private void assertLeft(int left, Duration time, Action body) {
        stock = 100;
        assertEquals(time, measureTime(body));
        assertEquals(left, stock);
    }

    @Test
    void lockKeepsApartTheUpdatesAndJoinAllThatTheTasksDo() {
        Sim.run(() -> {
            assertLeft(99, Duration.ofMillis(3_500), () -> aHundredTogether(this::workThenUpdateWithoutALock));
            assertLeft(0, Duration.ofSeconds(53), () -> aHundredTogether(this::workThenUpdate));
            assertLeft(0, Duration.ofSeconds(350), () -> {
                for (int i = 0; i < 100; i++) {
                    spawn(this::workThenUpdate).join();
                }
            });
            assertLeft(0, Duration.ofSeconds(3), () -> aHundredTogether(this::workThenUpdateWithoutAWait));
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

    private void answerTheNextSignal() {
        talk.run(() -> {
            spoken.await();                                 // a signal that came before is gone
            IO.println("Xiao Ai: Here.");
        });
    }

    private void answerWhatWasSaid() {
        talk.run(() -> {
            spoken.awaitUntil(() -> said);                  // looks first, and waits only if it must
            IO.println("Xiao Ai: Here.");
        });
    }

    private void say() {
        talk.run(() -> {
            IO.println("Tmall Genie: Xiao Ai!");
            said = true;
            spoken.signal();
        });
    }

    private void oneAfterTheOther(Action first, Action second) {
        said = false;
        group(g -> {
            g.spawn(first);
            sleep(Duration.ofSeconds(1));
            g.spawn(second);
        });
    }

    @Test
    void signalWakesWhoWaitsAlreadyAndStateTellsWhoComesLater() {
        List<String> dialogue = List.of("Tmall Genie: Xiao Ai!", "Xiao Ai: Here.");
        assertEquals(dialogue, linesOf(() -> oneAfterTheOther(this::answerTheNextSignal, this::say)));
        assertEquals(dialogue, linesOf(() -> oneAfterTheOther(this::answerWhatWasSaid, this::say)));
        assertEquals(dialogue, linesOf(() -> oneAfterTheOther(this::say, this::answerWhatWasSaid)));
        assertThrows(
                DeadlockException.class,
                () -> Sim.run(() -> oneAfterTheOther(this::say, this::answerTheNextSignal)));
    }

    @Test
    void holderOfAMutexWaitsForEverForATaskThatMustTakeItAgainToEnd() {
        var deadlock = assertThrows(DeadlockException.class, () -> Sim.run(() -> {
            Mutex kitchen = Mutex.named("kitchen");
            Condition served = kitchen.newCondition();
            Task<Void> guest = spawn("guest", () -> kitchen.run(() -> served.await()));
            sleep(Duration.ofSeconds(1));                           // the guest waits by now, and has let go of the kitchen
            kitchen.run(() -> {
                guest.cancel("we close");
                guest.awaitOutcome();                               // the guest needs the kitchen to end
            });
        }));
        for (String line : List.of(
                "cycle of 2: each waits for the next, the last for the first",
                "  task main (sim, running): joining task guest (sim, running)",
                "  task guest (sim, running): acquiring mutex kitchen, held by task main (sim, running)")) {
            assertTrue(deadlock.getMessage().contains(line + "\n"), deadlock::getMessage);
        }
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
            ConcurrencyLimiter database = ConcurrencyLimiter.named("database", 2);
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

    private static String pay(String order) {
        sleep(order.equals("tea") ? Duration.ofHours(1) : Duration.ofSeconds(1));
        return "receipt of " + order;
    }

    private static String payOnce(String order) {
        CircuitBreaker bank = CircuitBreaker.of("bank", CircuitBreakerOptions.DEFAULT);
        String receipt = bank.call(() -> timeout(Duration.ofSeconds(2), () -> pay(order)));
        return receipt;
    }

    @Test
    void circuitBreakerLeavesWhatFailsAlone() {
        Sim.run(() -> {
            assertEquals("receipt of milk", payOnce("milk"));
            CircuitBreaker bank = CircuitBreaker.of("bank", CircuitBreakerOptions.DEFAULT);
            Duration before = Sim.current().elapsed();
            group(g -> {
                for (int i = 0; i < 20; i++) {
                    g.spawn(() -> assertThrows(DeadlineExceededException.class,
                            () -> bank.call(() -> timeout(Duration.ofSeconds(2), () -> pay("tea")))));
                }
            });
            assertThrows(CircuitOpenException.class, () -> bank.call(() -> pay("tea")));
            assertEquals(before.plusSeconds(2), Sim.current().elapsed());
        });
    }

    private String askForPrice(String dish) {
        sleep(Duration.ofSeconds(1));
        asked++;
        return dish + " costs 3";
    }

    @Test
    void memoFetchesOnceForAll() {
        Sim.run(() -> {
            Memo<String, String> prices = Memo.of("prices", MemoOptions.DEFAULT.withTimeToLive(Duration.ofSeconds(30)),
                    dish -> timeout(Duration.ofSeconds(5), () -> askForPrice(dish)));
            List<String> told = gather(() -> prices.get("soup"), () -> prices.get("soup"));     // asked once
            assertEquals(List.of("soup costs 3", "soup costs 3"), told);
            assertEquals(1, asked);
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
