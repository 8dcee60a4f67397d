package dev.heddle.cli.runs;

import java.util.ArrayList;
import java.util.List;

/**
 * A scale of logarithms for times.
 *
 * @param from its end at 0
 * @param to its end at 1
 */
record TimeScale(double from, double to) {

    /** Most marks along it; with more, only powers of ten are marked. */
    private static final int MANY_MARKS = 12;

    private static final double MARGIN = 1.15;

    /** One that has all times of some runs, of which one has times. */
    static TimeScale of(List<LoadRun> runs) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (LoadRun run : runs) {
            if (run.hasTimes()) {
                least = Math.min(least, (double) run.times().percentileNanos(Double.MIN_VALUE));
                most = Math.max(most, (double) run.times().maxNanos());
            }
        }
        // Nothing on a loopback takes less than a microsecond.
        double from = Math.max(least, 1_000) / MARGIN;
        return new TimeScale(from, Math.max(most, 2 * from) * MARGIN);
    }

    /** Where a time is, 0 to 1. */
    double at(long nanos) {
        return Math.log(Math.clamp((double) nanos, from, to) / from) / Math.log(to / from);
    }

    /** The time at a place. */
    double nanosAt(double place) {
        return from * Math.pow(to / from, place);
    }

    /** Round times to be marked: 1, 2 and 5 times the powers of ten, or these alone. */
    List<Long> marks() {
        List<Long> all = new ArrayList<>();
        List<Long> powers = new ArrayList<>();
        for (long power = 1_000; power <= to; power *= 10) {
            for (long digit : new long[]{1, 2, 5}) {
                long mark = power * digit;
                if (mark >= from && mark <= to) {
                    all.add(mark);
                    if (digit == 1) {
                        powers.add(mark);
                    }
                }
            }
        }
        return all.size() > MANY_MARKS ? powers : all;
    }
}
