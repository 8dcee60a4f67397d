package dev.heddle.sync;

import java.time.Duration;
import java.util.Optional;

/** A select with one clause, beside one that is never ready, does what the call does. */
final class SelectContractTest extends ElementQueueContract {

    @Override
    Elements make(int capacity) {
        return of(Channel.of(capacity));
    }

    static Elements of(Channel<Integer> channel) {
        Channel<Integer> idle = Channel.of(0);
        return new Elements() {
            private Select<Boolean> putting(Integer element) {
                return Select.<Boolean>of().receive(idle, ignored -> false).send(channel, element, () -> true);
            }

            private Select<Integer> taking() {
                return Select.<Integer>of().receive(idle, ignored -> -1).receive(channel, element -> element);
            }

            @Override
            public void put(Integer element) {
                putting(element).get();
            }

            @Override
            public boolean putWithin(Integer element, Duration limit) {
                return putting(element).getWithin(limit).isPresent();
            }

            @Override
            public boolean tryPut(Integer element) {
                return putting(element).tryGet().isPresent();
            }

            @Override
            public Integer take() {
                return taking().get();
            }

            @Override
            public Optional<Integer> takeWithin(Duration limit) {
                return taking().getWithin(limit);
            }

            @Override
            public Optional<Integer> tryTake() {
                return channel.tryReceive(); // that of a select throws when it is closed
            }

            @Override
            public Iterable<Integer> all() {
                return channel;
            }

            @Override
            public void close() {
                channel.close();
            }

            @Override
            public void abort() {
                channel.abort();
            }

            @Override
            public void fail(Throwable cause) {
                channel.fail(cause);
            }

            @Override
            public ChannelStatistics statistics() {
                ChannelStatistics other = idle.statistics();
                ChannelStatistics now = channel.statistics();
                return new ChannelCore.Statistics(
                        now.capacity(),
                        now.size(),
                        now.peakSize(),
                        now.waitingSenders(),
                        Math.max(other.waitingReceivers() - now.waitingSenders(), now.waitingReceivers()),
                        now.closed());
            }
        };
    }
}
