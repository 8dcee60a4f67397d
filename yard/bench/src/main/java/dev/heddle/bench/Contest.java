package dev.heddle.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A contest of the sides of a benchmark, A B A B or at once; it collects what they measure. */
final class Contest {

    /** When the sides work. */
    private enum Order {

        IN_TURN {
            @Override
            double[][] round(List<Peer> peers, double pace) {
                return peers.stream().map(peer -> peer.round(pace)).toArray(double[][]::new);
            }
        },

        AT_ONCE {
            @Override
            double[][] round(List<Peer> peers, double pace) {
                peers.forEach(peer -> peer.begin(pace));
                return peers.stream().map(Peer::end).toArray(double[][]::new);
            }
        };

        abstract double[][] round(List<Peer> peers, double pace);
    }

    private final Benchmark benchmark;
    private final double[][][] values; // side, measure, round

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
        return run(benchmark, Order.IN_TURN);
    }

    /**
     * The same with all sides at once on one processor, so that what disturbs one disturbs the others as much: for
     * measures of the processor's time alone.
     */
    static Outcome atOnce(Benchmark benchmark) {
        return run(benchmark, Order.AT_ONCE);
    }

    private static Outcome run(Benchmark benchmark, Order order) {
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
            contest.run(peers, order);
        } finally {
            peers.forEach(Peer::close);
        }
        return new Outcome(present, contest.samples(), absent);
    }

    private void run(List<Peer> peers, Order order) {
        double pace = warmUp(peers);
        if (order == Order.AT_ONCE) {
            peers.forEach(Peer::pin);
        }
        for (int round = 0; round < benchmark.rounds(); round++) {
            double[][] numbers = order.round(peers, pace);
            for (int side = 0; side < peers.size(); side++) {
                check(side, numbers[side]);
                for (int measure = 0; measure < numbers[side].length; measure++) {
                    values[side][measure][round] = numbers[side][measure];
                }
            }
        }
    }

    /**
     * Lets the sides warm up in turns as well: who is asked first would else do all of it while the others start, and
     * look slow.
     *
     * @return what the one who gives the pace did at its best, so that a disturbance in the warm-up holds nobody back;
     * NaN without a warm-up
     */
    private double warmUp(List<Peer> peers) {
        double[] bests = new double[peers.size()];
        for (int round = 0; round < benchmark.warmUps(); round++) {
            for (int side = 0; side < bests.length; side++) {
                if (round < benchmark.warmUps(benchmark.sides().get(side))) {
                    double[] answer = peers.get(side).round(Double.NaN);
                    bests[side] = answer.length == 0 ? bests[side] : Math.max(bests[side], answer[0]);
                }
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

    private void check(int side, double[] answer) {
        int measures = benchmark.measures().size();
        if (answer.length != measures) {
            throw new IllegalStateException(benchmark.sides().get(side).name() + " gave " + answer.length
                    + " numbers instead of " + measures);
        }
    }

    private List<List<Samples>> samples() {
        return Arrays.stream(values)
                .map(side -> Arrays.stream(side).map(Samples::new).toList())
                .toList();
    }
}
