package dev.heddle.bench;

import java.util.Locale;

/** What a measure is to reach; a median meets it or misses it. */
sealed interface Target {

    /** Nothing in particular: the number is for information. */
    record None() implements Target {}

    /** At most this multiple of the floor's median. */
    record AtMostTimesFloor(double limit) implements Target {}

    /** At most this number, in the unit of the measure. */
    record AtMost(double limit) implements Target {}

    static Target none() {
        return new None();
    }

    static Target atMostTimesFloor(double limit) {
        return new AtMostTimesFloor(limit);
    }

    static Target atMost(double limit) {
        return new AtMost(limit);
    }

    /** The verdict for people; empty without a target. */
    default String verdict(double median, double floor) {
        return switch (this) {
            case None() -> "";
            case AtMostTimesFloor(double limit) ->
                verdict("<= " + Report.number(limit) + " x floor", median <= limit * floor);
            case AtMost(double limit) -> verdict("<= " + Report.number(limit), median <= limit);
        };
    }

    private static String verdict(String limit, boolean met) {
        return String.format(Locale.ROOT, "%s (%s)", met ? "met" : "MISSED", limit);
    }
}
