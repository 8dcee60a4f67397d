package dev.heddle.sync;

import java.time.Duration;
import java.util.Optional;

/** What holds for each flavour of work queue. */
abstract class WorkQueueContract extends ElementQueueContract {

    static Elements of(WorkQueue<Integer> queue) {
        return new Elements() {
            @Override
            public void put(Integer element) {
                queue.put(element);
            }

            @Override
            public boolean putWithin(Integer element, Duration limit) {
                return queue.putWithin(element, limit);
            }

            @Override
            public boolean tryPut(Integer element) {
                return queue.tryPut(element);
            }

            @Override
            public Integer take() {
                return queue.take();
            }

            @Override
            public Optional<Integer> takeWithin(Duration limit) {
                return queue.takeWithin(limit);
            }

            @Override
            public Optional<Integer> tryTake() {
                return queue.tryTake();
            }

            @Override
            public Iterable<Integer> all() {
                return queue;
            }

            @Override
            public void close() {
                queue.close();
            }

            @Override
            public void abort() {
                queue.abort();
            }

            @Override
            public void fail(Throwable cause) {
                queue.fail(cause);
            }

            @Override
            public ChannelStatistics statistics() {
                return queue.core.statistics();
            }
        };
    }
}
