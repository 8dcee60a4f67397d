package dev.heddle.sync;

/** The suite of channels on a queue, the newest first. */
final class LifoQueueContractTest extends WorkQueueContract {

    @Override
    Elements make(int capacity) {
        return of(WorkQueue.lifo(capacity));
    }
}
