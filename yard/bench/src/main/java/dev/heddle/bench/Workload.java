package dev.heddle.bench;

/** The work of one side, again and again, in a JVM of its own. Made and used by that JVM's main thread. */
interface Workload extends AutoCloseable {

    /** In place of a number, of a side that failed at it. */
    double CANNOT = Double.POSITIVE_INFINITY;

    /**
     * Runs one round.
     *
     * @return one number for each {@link Measure} of the benchmark, in their order and units; NaN for what it does not
     *     tell
     */
    double[] round() throws Exception;

    /**
     * Runs one round beside others, for sides that all get as much to do.
     *
     * @param pace the best of the first numbers that one of the sides gave in the warm-ups, see {@link Benchmark.Pace};
     *     NaN in a warm-up, whose other numbers nobody looks at
     */
    default double[] round(double pace) throws Exception {
        return round();
    }

    /** Ends what the workload started outside of this JVM. */
    @Override
    default void close() {}
}
