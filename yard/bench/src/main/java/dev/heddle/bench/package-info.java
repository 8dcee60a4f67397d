/**
 * Measures Heddle against the bare JDK and other peers.
 *
 * <p>Read first: {@link dev.heddle.bench.Suite}, {@link dev.heddle.bench.Contest}, {@link dev.heddle.bench.Workload}.
 *
 * <p>A speed is a ratio: each side runs warm in a JVM of its own, so that no side pollutes the profile of another, and
 * the sides take turns, so that a noisy machine disturbs all alike. What is compared are medians. Units stand beside
 * each measure.
 */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
