package dev.heddle.sync;

import java.time.Duration;
import java.util.Optional;

/** The suite of channels on a channel. */
final class ChannelContractTest extends ElementQueueContract {

    @Override
    Elements make(int capacity) {
        return of(Channel.of(capacity));
    }

    static Elements of(Channel<Integer> channel) {
        return new Elements() {
            @Override
            public void put(Integer element) {
                channel.send(element);
            }

            @Override
            public boolean putWithin(Integer element, Duration limit) {
                return channel.sendWithin(element, limit);
            }

            @Override
            public boolean tryPut(Integer element) {
                return channel.trySend(element);
            }

            @Override
            public Integer take() {
                return channel.receive();
            }

            @Override
            public Optional<Integer> takeWithin(Duration limit) {
                return channel.receiveWithin(limit);
            }

            @Override
            public Optional<Integer> tryTake() {
                return channel.tryReceive();
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
                return channel.statistics();
            }
        };
    }
}
