package dev.heddle.observe.internal.top;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What has been done in the last second, ten and sixty. */
final class SamplesTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final KindTally tally = new KindTally(new KindTally.Key("fetch #", null));
    private final Samples samples = new Samples(0);
    private int rounds;

    /** A round of a second in which the tasks ran so many times. */
    private Sample round(long runs) {
        rounds++;
        tally.runs += runs;
        return samples.next(rounds * SECOND, true, Map.of("main", List.of(tally)));
    }

    private static List<Long> runs(Sample sample) {
        Row row = sample.rows().getFirst();
        return List.of(
                row.last(RateWindow.ONE).runs(), row.last(RateWindow.TEN).runs(), row.last(RateWindow.SIXTY).runs());
    }

    private static List<Long> seconds(Sample sample) {
        return List.of(
                sample.nanos().get(RateWindow.ONE) / SECOND,
                sample.nanos().get(RateWindow.TEN) / SECOND,
                sample.nanos().get(RateWindow.SIXTY) / SECOND);
    }

    @Test
    void windowBeginsNoEarlierThanTheWatch() {
        Sample first = round(5);
        assertEquals(List.of(5L, 5L, 5L), runs(first));
        assertEquals(List.of(1L, 1L, 1L), seconds(first));
        Sample second = round(1);
        assertEquals(List.of(1L, 6L, 6L), runs(second));
        assertEquals(List.of(1L, 2L, 2L), seconds(second));
    }

    @Test
    void eachWindowForgetsWhatWasBeforeIt() {
        for (int i = 0; i < 60; i++) {
            round(100);
        }
        Sample last = round(1);
        for (int i = 0; i < 8; i++) {
            last = round(1);
        }
        assertEquals(List.of(1L, 109L, 6009L), runs(last));
        assertEquals(List.of(1L, 10L, 69L), seconds(last));
        for (int i = 0; i < 61; i++) {
            last = round(1);
        }
        assertEquals(List.of(1L, 10L, 60L), runs(last));
        assertEquals(List.of(1L, 10L, 60L), seconds(last));
    }

    @Test
    void ratesOfAnyRoundAreThoseOfARunningSum() {
        var sums = new long[1_000];
        for (int i = 1; i < sums.length; i++) {
            long runs = i * 7919L % 101;
            sums[i] = sums[i - 1] + runs;
            List<Long> seen = runs(round(runs));
            assertEquals(sums[i] - sums[i - 1], seen.get(0));
            assertEquals(sums[i] - sums[Math.max(0, i - 10)], seen.get(1));
            assertEquals(sums[i] - sums[Math.max(0, i - 60) / 10 * 10], seen.get(2));
        }
    }

    @Test
    void kindThatIsNewWasNothingBefore() {
        for (int i = 0; i < 30; i++) {
            samples.next(++rounds * SECOND, true, Map.of("main", List.of()));
        }
        assertEquals(List.of(4L, 4L, 4L), runs(round(4)));
    }

    @Test
    void worstDelayIsThatOfOneRound() {
        tally.worstDelay = 9;
        assertEquals(9, round(0).rows().getFirst().worstDelay());
        assertEquals(0, round(0).rows().getFirst().worstDelay());
    }

    @Test
    void loopHasDoneWhatItsTasksHave() {
        var other = new KindTally(KindTally.CALLBACKS);
        tally.busy = 3;
        other.busy = 4;
        Sample sample = samples.next(SECOND, true, Map.of("main", List.of(tally, other)));
        assertEquals(7, sample.loops().getFirst().last(RateWindow.TEN).busy());
        assertEquals("main", sample.loops().getFirst().name());
    }
}
