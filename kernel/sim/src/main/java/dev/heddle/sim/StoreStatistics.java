package dev.heddle.sim;

import java.util.Map;

/** The figures of a {@link SimStore} so far. */
public sealed interface StoreStatistics permits SimStore.Statistics {

    /** How often each kind of event came; none for one that never did. */
    Map<StoreEvent, Long> counts();

    /** How often an event came. */
    long count(StoreEvent event);
}
