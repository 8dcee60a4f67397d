package dev.heddle.sync;

import java.util.concurrent.BlockingQueue;

/** The suite of blocking queues on a channel with room. */
final class ChannelAsBlockingQueueTest extends BlockingQueueContract {

    private Channel<Integer> queue = Channel.of(3);

    @Override
    BlockingQueue<Integer> make() {
        queue = Channel.of(3);
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
