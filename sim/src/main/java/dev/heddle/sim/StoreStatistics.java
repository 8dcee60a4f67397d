package dev.heddle.sim;

import java.util.Map;

/**
 * What has happened in a {@link SimStore} so far.
 *
 * @param counts how often each kind of event came; none for one that never did
 */
public record StoreStatistics(Map<StoreEvent, Long> counts) {

    /** Copies the counts. */
    public StoreStatistics {
        counts = Map.copyOf(counts);
    }

    /** How often an event came. */
    public long count(StoreEvent event) {
        return counts.getOrDefault(event, 0L);
    }
}
