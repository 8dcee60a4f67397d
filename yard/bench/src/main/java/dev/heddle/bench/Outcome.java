package dev.heddle.bench;

import java.util.List;

/**
 * The outcome of a contest.
 *
 * @param benchmark the benchmark, with the sides that took part
 * @param samples for each of these sides, for each measure, the numbers of the rounds
 * @param absent the sides that could not take part
 */
record Outcome(Benchmark benchmark, List<List<Samples>> samples, List<Side> absent) {}
