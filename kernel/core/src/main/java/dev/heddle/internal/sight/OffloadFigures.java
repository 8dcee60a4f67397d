package dev.heddle.internal.sight;

/**
 * The figures of the threads of {@code Heddle.offload} at one moment.
 *
 * @param most threads at a time
 * @param workers threads that are alive
 * @param busy threads that run a body; a body that waits in a way the JDK knows gives its thread back
 * @param queued bodies that wait for a thread
 */
public record OffloadFigures(int most, int workers, int busy, int queued) {}
