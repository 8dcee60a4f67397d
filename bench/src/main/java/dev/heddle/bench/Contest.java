package dev.heddle.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Lets the sides of a benchmark take turns, A B A B, and collects what they measure. */
final class Contest {

    private final Benchmark benchmark;
    private final double[][][] values; // side, measure, round
    private int rounds;

    private Contest(Benchmark benchmark) {
        this.benchmark = benchmark;
        this.values = new double[benchmark.sides().size()][benchmark.measures().size()][benchmark.rounds()];
    }

    /**
     * Runs a benchmark, in a process for each side that can take part.
     *
     * @throws IllegalStateException if the floor cannot take part, or a side fails
     */
    static Outcome run(Benchmark benchmark) {
        return run(benchmark, _ -> true);
    }

    /**
     * The same, with as many rounds as are wanted, at most those of the benchmark.
     *
     * @param more takes the numbers of a round, by side and measure: whether another is wanted
     */
    static Outcome run(Benchmark benchmark, Predicate<double[][]> more) {
        List<Side> absent = benchmark.sides().stream().filter(side -> !side.missing().isEmpty()).toList();
        if (absent.contains(benchmark.sides().getFirst())) {
            throw new IllegalStateException(Report.absence(benchmark.sides().getFirst()));
        }
        Benchmark present = benchmark.with(
                benchmark.sides().stream().filter(side -> !absent.contains(side)).toList());
        Contest contest = new Contest(present);
        List<Peer> peers = new ArrayList<>();
        try {
            for (Side side : present.sides()) {
                peers.add(Peer.start(present, side));
            }
            contest.run(peers, more);
        } finally {
            peers.forEach(Peer::close);
        }
        return new Outcome(present, contest.samples(), absent);
    }

    private void run(List<Peer> peers, Predicate<double[][]> more) {
        double pace = warmUp(peers);
        double[][] numbers = new double[peers.size()][];
        do {
            for (int side = 0; side < peers.size(); side++) {
                numbers[side] = checked(side, peers.get(side).round(pace));
            }
            for (int side = 0; side < peers.size(); side++) {
                for (int measure = 0; measure < numbers[side].length; measure++) {
                    values[side][measure][rounds] = numbers[side][measure];
                }
            }
            rounds++;
        } while (more.test(numbers) && rounds < benchmark.rounds());
    }

    /**
     * What the one who gives the pace did at its best, so that a disturbance in the warm-up holds nobody back; NaN
     * without a warm-up.
     */
    private double warmUp(List<Peer> peers) {
        double[] bests = new double[peers.size()];
        for (int side = 0; side < bests.length; side++) {
            for (int round = 0; round < benchmark.warmUps(); round++) {
                double[] answer = peers.get(side).round(Double.NaN);
                bests[side] = answer.length == 0 ? bests[side] : Math.max(bests[side], answer[0]);
            }
        }
        if (benchmark.warmUps() == 0) {
            return Double.NaN;
        }
        return switch (benchmark.pace()) {
            case SLOWEST -> Arrays.stream(bests).min().orElseThrow();
            case FLOOR -> bests[0];
        };
    }

    private double[] checked(int side, double[] answer) {
        int measures = benchmark.measures().size();
        if (answer.length != measures) {
            throw new IllegalStateException(benchmark.sides().get(side).name() + " gave " + answer.length
                    + " numbers instead of " + measures);
        }
        return answer;
    }

    private List<List<Samples>> samples() {
        List<List<Samples>> all = new ArrayList<>();
        for (double[][] side : values) {
            List<Samples> measures = new ArrayList<>();
            for (double[] numbers : side) {
                measures.add(new Samples(Arrays.copyOf(numbers, rounds)));
            }
            all.add(measures);
        }
        return all;
    }
}
