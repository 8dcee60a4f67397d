package dev.heddle.sync;

import java.util.Comparator;

class PriorityQueueContractTest extends WorkQueueContract {

    @Override
    Elements make(int capacity) {
        return of(WorkQueue.priority(capacity, Comparator.naturalOrder()));
    }
}
