package dev.heddle.bench;

import java.util.Locale;

/** The target of a measure; its median or its ratio meets it or misses it. */
sealed interface Target {

    /** Nothing in particular: the number is for information. */
    record None() implements Target {}

    /** At most this ratio to the floor. */
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

    /**
     * The verdict for people; empty without a target.
     *
     * @param ratio to the floor; NaN if that has no number
     */
    default String verdict(double median, double ratio) {
        return switch (this) {
            case None() -> "";
            case AtMostTimesFloor(double limit) when Double.isNaN(ratio) -> "";
            case AtMostTimesFloor(double limit) ->
                verdict("<= " + Report.number(limit) + " x floor", ratio <= limit);
            case AtMost(double limit) -> verdict("<= " + Report.number(limit), median <= limit);
        };
    }

    private static String verdict(String limit, boolean met) {
        return String.format(Locale.ROOT, "%s (%s)", met ? "met" : "MISSED", limit);
    }
}
