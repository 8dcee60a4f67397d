package dev.heddle.sync;

class LifoQueueContractTest extends WorkQueueContract {

    @Override
    Elements make(int capacity) {
        return of(WorkQueue.lifo(capacity));
    }
}
