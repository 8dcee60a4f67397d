package dev.heddle.cluster.store;

import java.time.Duration;

/**
 * A session as the store knows it.
 *
 * @param id never 0, and never again that of another session of the same store
 * @param timeout for how long a store that hears nothing of the session keeps it, as the store has chosen
 */
public record Session(long id, Duration timeout) {}
