package dev.heddle.sync;

class FifoQueueContractTest extends WorkQueueContract {

    @Override
    Elements make(int capacity) {
        return of(WorkQueue.fifo(capacity));
    }
}
