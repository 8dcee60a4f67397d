package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Ticker.Missed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ticks come at the multiples of a period; what was missed is skipped, delayed or made up. */
final class TickerTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void ticksComeAtTheMultiplesOfThePeriod() {
        ManualEngine.runInManyOrders(20, () -> {
            Ticker ticker = Ticker.every(ofSeconds(1));
            spawn(() -> sleep(ofHours(1)));
            for (int i = 1; i <= 1000; i++) {
                assertEquals(0, ticker.awaitTick());
                assertEquals(ofSeconds(i), ManualEngine.elapsed());
            }
        });
    }

    @Test
    void ticksDoNotDriftWithTheWorkBetweenThem() {
        WorkingEngine.run(() -> {
            Ticker ticker = Ticker.every(ofMillis(50));
            for (int i = 1; i <= 100; i++) {
                assertEquals(0, ticker.awaitTick());
                assertEquals(ofMillis(50L * i), ManualEngine.elapsed());
                WorkingEngine.work(ofMillis(17));
            }
        });
    }

    @Test
    void skippingLeavesOutWhatWasMissedAndStaysRegular() {
        assertEquals(List.of("100 +0", "350 +1", "400 +0", "500 +0"), ticksWithLateness(Missed.SKIP));
    }

    @Test
    void burstingCatchesUpOneByOne() {
        assertEquals(List.of("100 +0", "350 +1", "350 +0", "400 +0"), ticksWithLateness(Missed.BURST));
    }

    @Test
    void delayingCountsAnewFromTheLateTick() {
        assertEquals(List.of("100 +0", "350 +1", "450 +0", "550 +0"), ticksWithLateness(Missed.DELAY));
    }

    /** Four ticks of a 100 ms ticker, when the first one is followed by work of 250 ms. */
    private List<String> ticksWithLateness(Missed missed) {
        WorkingEngine.run(() -> {
            Ticker ticker = Ticker.every(ofMillis(100)).withMissed(missed);
            for (int i = 0; i < 4; i++) {
                long late = ticker.awaitTick();
                log.add(ManualEngine.elapsed().toMillis() + " +" + late);
                if (i == 0) {
                    WorkingEngine.work(ofMillis(250));
                }
            }
        });
        return log;
    }

    @Test
    void tickThatIsDueLetsTheOthersRunFirst() {
        WorkingEngine.run(() -> {
            Ticker ticker = Ticker.every(ofMillis(1));
            Task<Void> other = spawn(() -> {});
            WorkingEngine.work(ofSeconds(1));
            assertEquals(999, ticker.awaitTick());
            assertTrue(other.isDone());
        });
    }

    @Test
    void cancelledWaitHasTakenNoTick() {
        ManualEngine.run(() -> {
            Ticker ticker = Ticker.every(ofSeconds(1));
            for (int i = 0; i < 3; i++) {
                assertEquals(Optional.empty(), moveOnAfter(ofMillis(300), ticker::awaitTick));
            }
            assertEquals(ofMillis(900), ManualEngine.elapsed());
            assertEquals(0, ticker.awaitTick());
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
            assertEquals(0, currentLoop().statistics().timers());
        });
    }

    @Test
    void cancelledWaitForATickThatIsDueHasNotTakenItEither() {
        WorkingEngine.run(() -> {
            Ticker ticker = Ticker.every(ofSeconds(1));
            WorkingEngine.work(ofSeconds(1));
            assertEquals(Optional.empty(), moveOnAfter(Duration.ZERO, ticker::awaitTick));
            assertEquals(0, ticker.awaitTick());
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void jitterMovesEachTickAndNeverAddsUp() {
        for (long seed = 1; seed <= 20; seed++) {
            run(ManualEngine.config(seed), () -> {
                Ticker ticker = Ticker.every(ofSeconds(10)).withJitter(0.1);
                int forth = 0;
                for (int i = 1; i <= 100; i++) {
                    long due = ticker.dueNanos();
                    assertEquals(0, ticker.awaitTick());
                    assertEquals(due, currentLoop().nanoTime());
                    long moved = ManualEngine.elapsed().minusSeconds(10L * i).toMillis();
                    assertTrue(Math.abs(moved) <= 1000, "moved by " + moved + " ms");
                    forth += moved > 0 ? 1 : 0;
                }
                assertTrue(forth > 20 && forth < 80, forth + " of 100 late");
            });
        }
    }

    @Test
    void sameSeedGivesTheSameJitter() {
        assertEquals(jitteredTimes(7), jitteredTimes(7));
        assertFalse(jitteredTimes(7).equals(jitteredTimes(8)));
    }

    private static List<Duration> jitteredTimes(long seed) {
        return run(ManualEngine.config(seed), () -> {
            Ticker ticker = Ticker.every(ofSeconds(1)).withJitter(0.5);
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ticker.awaitTick();
                times.add(ManualEngine.elapsed());
            }
            return times;
        });
    }

    @Test
    void derivedTickerStartsWhenItIsMade() {
        ManualEngine.run(() -> {
            Ticker first = Ticker.every(ofSeconds(10));
            sleep(ofSeconds(3));
            Ticker second = first.withMissed(Missed.DELAY);
            first.awaitTick();
            assertEquals(ofSeconds(10), ManualEngine.elapsed());
            second.awaitTick();
            assertEquals(ofSeconds(13), ManualEngine.elapsed());
        });
    }

    @Test
    void secondWaiterIsToldThatTheTickerIsBusy() {
        ManualEngine.run(() -> {
            Ticker ticker = Ticker.every(ofSeconds(1));
            Task<Long> first = spawn(ticker::awaitTick);
            checkpoint();
            assertEquals(Optional.of("tick every 1 s"), first.waitingFor());
            assertThrows(BusyException.class, ticker::awaitTick);
            assertEquals(0, first.join());
        });
    }

    @Test
    void periodThatIsNotPositiveIsRefused() {
        ManualEngine.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> Ticker.every(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> Ticker.every(ofSeconds(-1)));
            assertThrows(NullPointerException.class, () -> Ticker.every(null));
            Ticker ticker = Ticker.every(ofNanos(1));
            assertThrows(IllegalArgumentException.class, () -> ticker.withJitter(-0.1));
            assertThrows(IllegalArgumentException.class, () -> ticker.withJitter(0.6));
            assertThrows(IllegalArgumentException.class, () -> ticker.withJitter(Double.NaN));
            assertThrows(NullPointerException.class, () -> ticker.withMissed(null));
        });
    }

    @Test
    void periodBeyondAllTimeNeverTicks() {
        ManualEngine.run(() -> {
            Ticker ticker = Ticker.every(ofSeconds(Long.MAX_VALUE));
            assertFalse(moveOnAfter(ofHours(1_000_000), () -> {
                ticker.awaitTick();
            }));
        });
    }

    @Test
    void onlyCodeOfTheLoopUsesIt() {
        assertThrows(IllegalStateException.class, () -> Ticker.every(ofSeconds(1)));
        Ticker ticker = ManualEngine.get(() -> Ticker.every(ofSeconds(1)));
        assertThrows(IllegalStateException.class, ticker::awaitTick);
        ManualEngine.run(() -> assertThrows(IllegalStateException.class, ticker::awaitTick));
    }

    @Test
    void realTicksAreNeverEarly() {
        run(() -> {
            long start = System.nanoTime();
            Ticker ticker = Ticker.every(ofMillis(2));
            long ticks = 0;
            while (ticks < 20) {
                ticks += 1 + ticker.awaitTick();
                assertTrue(System.nanoTime() - start >= ticks * 2_000_000, "tick " + ticks + " is early");
            }
        });
    }
}
