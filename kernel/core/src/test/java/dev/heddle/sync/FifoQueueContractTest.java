package dev.heddle.sync;

/** The suite of channels on a queue, the oldest first. */
final class FifoQueueContractTest extends WorkQueueContract {

    @Override
    Elements make(int capacity) {
        return of(WorkQueue.fifo(capacity));
    }
}
