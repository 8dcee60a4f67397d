package dev.heddle.bench;

import java.util.List;

/**
 * A comparison of sides that do the same thing.
 *
 * @param name one word for the command line
 * @param what what is done, in a sentence without a full stop
 * @param warmUps rounds of each side that do not count, at most three of a steady one
 * @param rounds rounds of each side that count, at least 1
 * @param measures what each round gives
 * @param sides who takes part; the first is the floor, to which the others are compared
 * @param pace whose best in the warm-up all rounds are told, for sides that all get as much to do
 */
record Benchmark(
        String name, String what, int warmUps, int rounds, List<Measure> measures, List<Side> sides, Pace pace) {

    private static final int WARM_UPS_OF_STEADY = 3;

    /** Who gives the pace. */
    enum Pace {
        SLOWEST,
        FLOOR
    }

    Benchmark(String name, String what, int warmUps, int rounds, List<Measure> measures, List<Side> sides) {
        this(name, what, warmUps, rounds, measures, sides, Pace.SLOWEST);
    }

    Benchmark {
        measures = List.copyOf(measures);
        sides = List.copyOf(sides);
        if (rounds < 1 || measures.isEmpty() || sides.isEmpty()) {
            throw new IllegalArgumentException(name + " has no rounds, no measures or no sides");
        }
    }

    /** How many rounds of a side do not count. */
    int warmUps(Side side) {
        return side.steady() ? Math.min(warmUps, WARM_UPS_OF_STEADY) : warmUps;
    }

    /** The same with fewer rounds, to see that it works; the numbers mean little. */
    Benchmark quick() {
        return with(Math.min(warmUps, 2), Math.min(rounds, 3));
    }

    /** The same with other sides, at least one. */
    Benchmark with(List<Side> others) {
        return new Benchmark(name, what, warmUps, rounds, measures, others, pace);
    }

    /** The same with other numbers of rounds. */
    Benchmark with(int otherWarmUps, int otherRounds) {
        return new Benchmark(name, what, otherWarmUps, otherRounds, measures, sides, pace);
    }

    /** The same at the floor's pace. */
    Benchmark atPaceOfFloor() {
        return new Benchmark(name, what, warmUps, rounds, measures, sides, Pace.FLOOR);
    }

    /**
     * @throws IllegalArgumentException if there is none of that name
     */
    Side side(String sideName) {
        return sides.stream()
                .filter(side -> side.name().equals(sideName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no side " + sideName));
    }
}
