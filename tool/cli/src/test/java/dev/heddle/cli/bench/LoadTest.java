package dev.heddle.cli.bench;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.cli.command.Latencies;
import dev.heddle.cli.command.Reasons;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The paces of a load, in virtual time. */
final class LoadTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    /** A server whose n-th answer, from 0, takes so many milliseconds; a negative number is a failure. */
    private static final class Server {

        private final IntFunction<Integer> millis;
        private final List<Long> askedNanos = new ArrayList<>();
        private int asked;

        Server(IntFunction<Integer> millis) {
            this.millis = millis;
        }

        LoadRequest shot() {
            return new LoadRequest() {
                @Override
                public int fire() {
                    askedNanos.add(currentLoop().nanoTime());
                    int time = millis.apply(asked++);
                    if (time < 0) {
                        throw new BrokenException("reset");
                    }
                    sleep(Duration.ofMillis(time));
                    return 200;
                }

                @Override
                public long bytes() {
                    return 10;
                }
            };
        }
    }

    private static BenchTally closed(Server server, int connections, long seconds, long most) {
        BenchTally tally = new BenchTally();
        Sim.run(() -> {
            long end = currentLoop().nanoTime() + seconds * SECOND;
            new Load(connections, new LoadSchedule.Closed(end, most), end, tally).run(server::shot);
        });
        return tally;
    }

    private static BenchTally fixed(Server server, int connections, long seconds, double rate) {
        BenchTally tally = new BenchTally();
        Sim.run(() -> {
            long start = currentLoop().nanoTime();
            long end = start + seconds * SECOND;
            LoadSchedule pace = new LoadSchedule.Fixed(start, end, rate, 0, 1, Long.MAX_VALUE);
            new Load(connections, pace, end, tally).run(server::shot);
        });
        return tally;
    }

    @Test
    void closedLoopAsksAgainWhenItHasItsAnswer() {
        BenchTally tally = closed(new Server(n -> 10), 4, 1, Long.MAX_VALUE);

        assertEquals(400, tally.replies());
        assertEquals(400, tally.inTime());
        assertEquals(4_000, tally.bytes());
        assertEquals(10 * MILLI, tally.latencies().percentileNanos(0.001));
        assertEquals(10 * MILLI, tally.latencies().maxNanos());
    }

    @Test
    void numberOfRequestsIsSentToTheLastOneAndNoMore() {
        Server server = new Server(n -> n % 7);

        assertEquals(1_000, closed(server, 30, 86_400, 1_000).replies());
        assertEquals(1_000, server.asked);
    }

    @Test
    void whatIsUnderWayAtTheEndIsWaitedForButNoPartOfTheRate() {
        BenchTally tally = closed(new Server(n -> n < 2 ? 10_000 : 10), 2, 1, Long.MAX_VALUE);

        assertEquals(2, tally.replies());
        assertEquals(0, tally.inTime());
        assertEquals(10 * SECOND, tally.latencies().maxNanos());
    }

    @Test
    void fixedRateAsksAtItsTimesWhateverTheServerDoes() {
        Server server = new Server(n -> 500);
        BenchTally tally = fixed(server, 1_000, 2, 300);

        assertEquals(600, tally.replies());
        long start = server.askedNanos.getFirst();
        assertEquals(LongStream.range(0, 600).map(n -> (long) (n * 1e9 / 300)).boxed().toList(),
                server.askedNanos.stream().map(nanos -> nanos - start).toList());
    }

    @Test
    void standstillShowsInAllThatWereDueMeanwhileAndNotOnlyInTheOneThatMetIt() {
        // One second of standstill in ten: a tenth of the requests is late, the times spread evenly over that second.
        IntFunction<Integer> once = n -> n == 200 ? 1_000 : 0;
        Latencies fair = fixed(new Server(once), 1, 10, 100).latencies();
        Latencies closed = closed(new Server(n -> n == 200 ? 1_000 : 10), 1, 10, Long.MAX_VALUE).latencies();

        assertEquals(1_000, fair.count());
        assertEquals(1_000 * MILLI, fair.maxNanos());
        assertTrue(Math.abs(fair.percentileNanos(0.95) - 500 * MILLI) < 20 * MILLI, "" + fair.percentileNanos(0.95));
        assertTrue(fair.percentileNanos(0.89) < 10 * MILLI);
        assertTrue(closed.percentileNanos(0.99) < 11 * MILLI, "a closed loop does not see it");
    }

    @Test
    void whatIsDueAndNeverSentIsCounted() {
        Server server = new Server(n -> 100);
        BenchTally tally = fixed(server, 1, 1, 100);

        assertEquals(10, tally.replies());
        assertEquals(90, tally.missed());
        assertFalse(tally.isFine());
    }

    @Test
    void loopsShareARateWithoutGapOrOverlap() {
        for (int loops : new int[]{1, 2, 3, 7}) {
            List<Long> due = IntStream.range(0, loops).boxed().flatMap(loop -> {
                LoadSchedule pace = new LoadSchedule.Fixed(0, SECOND, 1_000, loop, loops, 500);
                return LongStream.iterate(pace.next(0), time -> time != LoadSchedule.END, time -> pace.next(time))
                        .boxed();
            }).sorted().toList();

            assertEquals(LongStream.range(0, 500).map(n -> n * MILLI).boxed().toList(), due);
        }
    }

    @Test
    void missedRequestsAreDividedAmongTheLoopsToo() {
        long missed = 0;
        for (int loop = 0; loop < 3; loop++) {
            LoadSchedule pace = new LoadSchedule.Fixed(0, SECOND, 100, loop, 3, Long.MAX_VALUE);
            pace.next(0);
            missed += pace.missed();
        }

        assertEquals(97, missed);
    }

    @Test
    void whereNobodyIsTheLoadEnds() {
        Server server = new Server(n -> -1);
        BenchTally tally = closed(server, 5, 3_600, Long.MAX_VALUE);

        assertEquals(5, tally.failed());
        assertEquals(List.of(new Reasons.Count("reset", 5)), tally.reasons(9));
        assertFalse(tally.isFine());
    }

    @Test
    void serverThatGoesAwayIsAskedWithPauses() {
        BenchTally tally = closed(new Server(n -> n < 10 ? 0 : -1), 1, 1, Long.MAX_VALUE);

        assertEquals(10, tally.replies());
        assertEquals(SECOND / Load.PAUSE.toNanos(), tally.failed());
    }

    @Test
    void cancelledLoadHasCountedWhatHasEnded() {
        BenchTally tally = new BenchTally();
        Sim.run(() -> {
            long end = currentLoop().nanoTime() + 60 * SECOND;
            Load load = new Load(2, new LoadSchedule.Closed(end, Long.MAX_VALUE), end, tally);
            assertFalse(moveOnAfter(Duration.ofMillis(1_005), () -> load.run(new Server(n -> 10)::shot)));
        });

        assertEquals(200, tally.replies());
        assertEquals(0, tally.failed() + tally.missed());
    }
}
