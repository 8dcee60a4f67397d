package dev.heddle.sync;

import java.util.Comparator;

/** The suite of channels on a queue, the smallest first. */
final class PriorityQueueContractTest extends WorkQueueContract {

    @Override
    Elements make(int capacity) {
        return of(WorkQueue.priority(capacity, Comparator.naturalOrder()));
    }
}
