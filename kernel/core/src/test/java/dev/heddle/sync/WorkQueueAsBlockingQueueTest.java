package dev.heddle.sync;

import java.util.concurrent.BlockingQueue;

/** The suite of blocking queues on a work queue. */
final class WorkQueueAsBlockingQueueTest extends BlockingQueueContract {

    private WorkQueue<Integer> queue = WorkQueue.fifo(3);

    @Override
    BlockingQueue<Integer> make() {
        queue = WorkQueue.fifo(3);
        return queue.asBlockingQueue();
    }

    @Override
    void close() {
        queue.close();
    }

    @Override
    int capacity() {
        return 3;
    }
}
