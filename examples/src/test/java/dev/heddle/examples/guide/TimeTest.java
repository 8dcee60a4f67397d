package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Cron;
import dev.heddle.CronTicker;
import dev.heddle.Handle;
import dev.heddle.Loop;
import dev.heddle.Ticker;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on time. */
final class TimeTest {

    private final List<String> done = new ArrayList<>();
    private final List<Duration> times = new ArrayList<>();

    private void measure() {
        times.add(Sim.current().elapsed());
        sleep(Duration.ofSeconds(2));
    }

    private void index(String page) {
        done.add(page);
    }

    @Test
    void loopsClockIsSimulatedWhereTheLoopIs() {
        Sim.run(() -> {
            Duration passed = measureTime(() -> sleep(Duration.ofMillis(1500)));
            assertEquals(Duration.ofMillis(1500), passed);
        });
    }

    @Test
    void timeOfDayIsSimulatedWhereTheLoopIs() {
        Sim.run(() -> {
            InstantSource clock = () -> currentLoop().engine().now();
            Instant before = clock.instant();
            sleep(Duration.ofDays(1));
            assertEquals(Duration.ofDays(1), Duration.between(before, clock.instant()));
        });
    }

    @Test
    void tickerDoesNotDrift() {
        Sim.run(() -> {
            Ticker ticker = Ticker.every(Duration.ofSeconds(10));
            for (int i = 1; i <= 3; i++) {
                ticker.awaitTick();
                measure();                                  // takes two seconds
            }
        });
        assertEquals(List.of(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(30)), times);
    }

    @Test
    void tickSaysByHowManyPeriodsItIsLate() {
        Sim.run(() -> {
            Ticker ticker = Ticker.every(Duration.ofSeconds(1)).withMissed(Ticker.Missed.SKIP);
            sleep(Duration.ofMillis(3500));
            long late = ticker.awaitTick();                 // 2: the ticks at 2 and 3 seconds are left out
            assertEquals(2, late);
            ticker.awaitTick();
            assertEquals(Duration.ofSeconds(4), Sim.current().elapsed());
        });
    }

    @Test
    void jitterMovesATickByAPartOfThePeriod() {
        Sim.run(() -> {
            Ticker spread = Ticker.every(Duration.ofMinutes(1)).withJitter(0.2);
            for (int i = 1; i <= 100; i++) {
                spread.awaitTick();
                Duration off = Sim.current().elapsed().minus(Duration.ofMinutes(i)).abs();
                assertTrue(off.compareTo(Duration.ofSeconds(12)) <= 0, off.toString());
            }
        });
    }

    @Test
    void callbacksRunLaterOrAgainAndAgain() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            Loop loop = currentLoop();
            loop.callSoon(() -> IO.println("soon"));
            Handle later = loop.callLater(Duration.ofSeconds(2), () -> IO.println("later"));
            Handle blinking = loop.callEvery(Duration.ofSeconds(1), () -> IO.println("blink"));
            sleep(Duration.ofMillis(2500));
            blinking.cancel();
            assertTrue(later.isDone());
            sleep(Duration.ofHours(1));
        }));
        assertEquals("soon", lines.getFirst());
        assertEquals(List.of("blink", "blink", "later", "soon"), lines.stream().sorted().toList());
    }

    @Test
    void workInNoHurryLetsTheOthersGoFirst() {
        Sim.run(() -> {
            List<String> pages = List.of("a", "b");
            spawn("index", () -> {
                for (String page : pages) {
                    currentLoop().awaitIdle();              // the others first
                    index(page);
                }
            });
            for (int i = 0; i < 10; i++) {
                checkpoint();
                assertEquals(List.of(), done);
            }
            sleep(Duration.ofSeconds(1));
            assertEquals(List.of("a", "b"), done);
            boolean idle = moveOnAfter(Duration.ofMillis(100), currentLoop()::awaitIdle);
            assertTrue(idle);
            assertFalse(done.isEmpty());
        });
    }

    private final List<Instant> reports = new ArrayList<>();

    private void report(Instant time) {
        reports.add(time);
    }

    private void reportAtNight() {
        CronTicker nightly = Cron.of("0 3 * * *", ZoneId.of("Europe/Zurich")).ticker();
        while (true) {
            report(nightly.awaitTick());                // 3:00 there, summer and winter
        }
    }

    @Test
    @Tag("full")
    void reportsComeAtThreeInSummerAndWinter() {
        Sim.run(() -> {
            moveOnAfter(Duration.ofDays(365), this::reportAtNight);
        });
        assertEquals(365, reports.size());
        assertTrue(reports.stream().allMatch(
                time -> time.atZone(ZoneId.of("Europe/Zurich")).toLocalTime().equals(LocalTime.of(3, 0))));
    }
}
