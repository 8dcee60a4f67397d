package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/** Lets the sides of a benchmark take turns, A B A B, and collects what they measure. */
final class Contest {

    private final Benchmark benchmark;
    private final double[][][] values; // side, measure, round

    private Contest(Benchmark benchmark) {
        this.benchmark = benchmark;
        this.values = new double[benchmark.sides().size()][benchmark.measures().size()][benchmark.rounds()];
    }

    /**
     * Runs a benchmark, in a JVM for each side.
     *
     * @return for each side, for each measure, the numbers of the rounds
     */
    static List<List<Samples>> run(Benchmark benchmark) {
        Contest contest = new Contest(benchmark);
        List<Peer> peers = new ArrayList<>();
        try {
            for (int side = 0; side < benchmark.sides().size(); side++) {
                peers.add(Peer.start(benchmark, side));
            }
            contest.run(peers);
        } finally {
            peers.forEach(Peer::close);
        }
        return contest.samples();
    }

    private void run(List<Peer> peers) {
        for (Peer peer : peers) {
            for (int round = 0; round < benchmark.warmUps(); round++) {
                peer.round();
            }
        }
        for (int round = 0; round < benchmark.rounds(); round++) {
            for (int side = 0; side < peers.size(); side++) {
                record(side, round, peers.get(side).round());
            }
        }
    }

    private void record(int side, int round, double[] answer) {
        for (int measure = 0; measure < answer.length; measure++) {
            values[side][measure][round] = answer[measure];
        }
    }

    private List<List<Samples>> samples() {
        List<List<Samples>> all = new ArrayList<>();
        for (double[][] side : values) {
            List<Samples> measures = new ArrayList<>();
            for (double[] rounds : side) {
                measures.add(new Samples(rounds));
            }
            all.add(measures);
        }
        return all;
    }
}
