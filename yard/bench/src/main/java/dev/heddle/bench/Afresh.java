package dev.heddle.bench;

import java.util.stream.Stream;

/**
 * The side of another benchmark, each round in a JVM that has just begun and is warmed up: no two JVMs compile the same
 * code alike, and a hundredth can only be told from that by many of them.
 */
final class Afresh implements Workload {

    private static final int WARM_UPS = Counts.isQuick() ? 1 : 8;
    private static final int ROUNDS = Counts.isQuick() ? 1 : 9;

    private final Benchmark benchmark;
    private final Side side;

    Afresh(String benchmark, String side) {
        this.benchmark = Suite.find(benchmark);
        this.side = this.benchmark.side(side);
    }

    /** Gives the median of each measure. */
    @Override
    public double[] round() {
        double[][] rounds = new double[ROUNDS][];
        try (Peer peer = Peer.start(benchmark, side)) {
            for (int i = 0; i < WARM_UPS; i++) {
                peer.round(Double.NaN);
            }
            for (int i = 0; i < ROUNDS; i++) {
                rounds[i] = peer.round(Double.NaN);
            }
        }
        double[] medians = new double[benchmark.measures().size()];
        for (int i = 0; i < medians.length; i++) {
            int measure = i;
            medians[i] = new Samples(Stream.of(rounds).mapToDouble(round -> round[measure]).toArray()).median();
        }
        return medians;
    }
}
