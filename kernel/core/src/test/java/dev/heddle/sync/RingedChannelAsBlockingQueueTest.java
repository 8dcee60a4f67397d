package dev.heddle.sync;

import java.util.concurrent.BlockingQueue;

/** The suite of blocking queues on a channel with a ring. */
final class RingedChannelAsBlockingQueueTest extends BlockingQueueContract {

    private Channel<Integer> queue = Ringed.channel(3);

    @Override
    BlockingQueue<Integer> make() {
        queue = Ringed.channel(3);
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
