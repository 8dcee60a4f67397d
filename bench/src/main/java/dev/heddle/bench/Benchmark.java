package dev.heddle.bench;

import java.util.List;

/**
 * A comparison of sides that do the same thing.
 *
 * @param name one word for the command line
 * @param what what is done, in a sentence without a full stop
 * @param warmUps rounds of each side that do not count
 * @param rounds rounds of each side that count, at least 1
 * @param measures what each round gives
 * @param sides who takes part; the first is the floor, to which the others are compared
 */
record Benchmark(String name, String what, int warmUps, int rounds, List<Measure> measures, List<Side> sides) {

    Benchmark {
        measures = List.copyOf(measures);
        sides = List.copyOf(sides);
        if (rounds < 1 || measures.isEmpty() || sides.isEmpty()) {
            throw new IllegalArgumentException(name + " has no rounds, no measures or no sides");
        }
    }

    /** The same with fewer rounds, to see that it works; the numbers mean little. */
    Benchmark quick() {
        return new Benchmark(name, what, Math.min(warmUps, 2), Math.min(rounds, 3), measures, sides);
    }

    /** The same with other sides, at least one. */
    Benchmark with(List<Side> others) {
        return new Benchmark(name, what, warmUps, rounds, measures, others);
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
