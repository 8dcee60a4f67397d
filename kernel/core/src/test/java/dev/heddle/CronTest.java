package dev.heddle;

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Times of day and year: what an expression means, and the ticks at them. */
final class CronTest {

    private static String next(String expression, Instant after) {
        return Cron.of(expression, ZoneOffset.UTC).next(after).toString();
    }

    @Test
    void cronGivesTheNextTime() {
        Instant start = Instant.parse("2026-02-28T23:59:30Z");
        assertEquals("2026-03-01T00:00:00Z", next("* * * * *", start));
        assertEquals("2026-03-01T03:00:00Z", next("0 3 * * *", start));
        assertEquals("2026-03-02T09:30:00Z", next("30 9-17 * * mon-fri", start));
        assertEquals("2028-02-29T00:00:00Z", next("0 0 29 feb *", start));
        assertEquals("2026-03-01T00:15:00Z", next("15/15 * * * *", start));
        assertEquals("2026-03-05T12:00:00Z", next("0 12 13 * 4", start));
        assertEquals("2026-03-01T00:00:00Z", next("0 0 * * 7", start));
        for (String wrong : List.of("", "* * * *", "60 * * * *", "* * 30 2 *", "5-1 * * * *", "*/0 * * * *",
                "a * * * *", "60 * * * * *", "0 0 0 * * * *")) {
            assertThrows(IllegalArgumentException.class, () -> Cron.of(wrong, ZoneOffset.UTC), wrong);
        }
    }

    @Test
    void firstOfSixFieldsIsTheSecond() {
        Instant start = Instant.parse("2026-02-28T23:59:30Z");
        assertEquals("2026-02-28T23:59:45Z", next("15,45 * * * * *", start));
        assertEquals("2026-03-01T00:00:15Z", next("15 * * * * *", start));
        assertEquals("2026-02-28T23:59:31Z", next("* * * * * *", start.plusMillis(5)));
        assertEquals("2026-03-01T23:59:30Z", next("30 59 23 * * *", start));
        assertEquals("2026-03-01T03:00:00Z", next("0 0 3 * * *", start));
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertEquals(List.of("2026-10-25T00:30:58Z", "2026-10-25T00:30:59Z", "2026-10-26T01:30:58Z",
                "2026-10-26T01:30:59Z"), times("58,59 30 2 * * *", berlin, Instant.parse("2026-10-24T22:00:00Z")));
    }

    @Test
    void cronOfEachHourComesInBothOfTheHoursThatAClockRepeats() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Instant autumn = Instant.parse("2026-10-24T22:00:00Z");
        assertEquals(List.of("2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z",
                "2026-10-25T02:00:00Z"), times("0 * * * *", berlin, autumn));
        assertEquals(List.of("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z",
                "2026-10-28T01:30:00Z"), times("30 2 * * *", berlin, autumn));
        Instant spring = Instant.parse("2026-03-28T23:50:00Z");
        assertEquals(List.of("2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z",
                "2026-03-29T03:00:00Z"), times("0 * * * *", berlin, spring));
        assertEquals(List.of("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z",
                "2026-04-01T00:30:00Z"), times("30 2 * * *", berlin, spring));
    }

    private static List<String> times(String cron, ZoneId zone, Instant after) {
        return Stream.iterate(Cron.of(cron, zone).next(after), Cron.of(cron, zone)::next).limit(4)
                .map(Instant::toString).toList();
    }

    // ---- ticks ----

    private static final Cron EACH_QUARTER = Cron.of("*/15 * * * *", ZoneOffset.UTC);

    /** The wall clock is the usual one and what it is set to be off. */
    private static final class SetClock extends ForwardingSimulation {
        private final AtomicReference<Duration> off;

        SetClock(AtomicReference<Duration> off) {
            super(new ManualEngine(0));
            this.off = off;
        }

        @Override
        public Instant now() {
            return super.now().plus(off.get());
        }
    }

    private static void run(AtomicReference<Duration> off, Action body) {
        Heddle.run(ManualEngine.config().withEngine(() -> new SetClock(off)), body);
    }

    private static Instant now() {
        return Heddle.currentLoop().engine().now();
    }

    @Test
    void ticksComeAtTheirTimesAndLeaveOutWhatTheWorkHasMissed() {
        run(new AtomicReference<>(Duration.ZERO), () -> {
            Instant first = EACH_QUARTER.next(now());
            CronTicker ticker = EACH_QUARTER.ticker();
            assertEquals(first, ticker.awaitTick());
            assertEquals(first, now());
            assertEquals(first.plusSeconds(900), ticker.awaitTick());
            sleep(Duration.ofMinutes(50));
            assertEquals(first.plusSeconds(1_800), ticker.awaitTick(), "one, and late");
            assertEquals(first.plusSeconds(900 + 3_000), now());
            assertEquals(first.plusSeconds(4_500), ticker.awaitTick());
            assertEquals(first.plusSeconds(4_500), now());
        });
    }

    @Test
    void clockThatIsSetBackGivesNoTimeTwice() {
        var off = new AtomicReference<>(Duration.ZERO);
        run(off, () -> {
            CronTicker ticker = EACH_QUARTER.ticker();
            Instant first = ticker.awaitTick();
            off.set(Duration.ofMinutes(-5));
            assertEquals(first.plusSeconds(900), ticker.awaitTick());
            assertEquals(first.plusSeconds(900), now());
        });
    }

    @Test
    void clockThatIsSetForthIsNoticedWithinAMinute() {
        var off = new AtomicReference<>(Duration.ZERO);
        run(off, () -> {
            CronTicker ticker = EACH_QUARTER.ticker();
            ticker.awaitTick();
            Task<Instant> next = spawn(ticker::awaitTick);
            sleep(Duration.ofMinutes(1));
            off.set(Duration.ofHours(1));
            sleep(Duration.ofSeconds(61));
            assertTrue(next.isDone());
        });
    }

    @Test
    void cancelledWaitHasTakenNoTickAndASecondTaskIsRefused() {
        run(new AtomicReference<>(Duration.ZERO), () -> {
            CronTicker ticker = EACH_QUARTER.ticker();
            Instant first = EACH_QUARTER.next(now());
            assertFalse(Heddle.moveOnAfter(Duration.ofMillis(1), () -> {
                ticker.awaitTick();
            }));
            List<Instant> ticks = new ArrayList<>();
            Task<Boolean> waiting = spawn(() -> ticks.add(ticker.awaitTick()));
            Heddle.checkpoint();
            assertThrows(BusyException.class, ticker::awaitTick);
            waiting.join();
            assertEquals(List.of(first), ticks);
        });
    }
}
