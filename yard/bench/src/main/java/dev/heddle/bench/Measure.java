package dev.heddle.bench;

/**
 * One of the numbers that a round gives.
 *
 * @param name what is counted
 * @param unit its unit, for people
 * @param target what Heddle's sides are to reach
 */
record Measure(String name, String unit, Target target) {

    Measure(String name, String unit) {
        this(name, unit, Target.none());
    }
}
