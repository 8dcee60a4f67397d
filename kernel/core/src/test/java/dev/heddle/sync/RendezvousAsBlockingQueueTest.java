package dev.heddle.sync;

import java.util.concurrent.BlockingQueue;

/** The suite of blocking queues on a channel without room. */
final class RendezvousAsBlockingQueueTest extends BlockingQueueContract {

    private Channel<Integer> queue = Channel.of(0);

    @Override
    BlockingQueue<Integer> make() {
        queue = Channel.of(0);
        return queue.asBlockingQueue();
    }

    @Override
    void close() {
        queue.close();
    }

    @Override
    int capacity() {
        return 0;
    }
}
