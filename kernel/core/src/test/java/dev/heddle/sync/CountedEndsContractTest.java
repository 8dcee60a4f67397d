package dev.heddle.sync;

import java.time.Duration;
import java.util.Optional;

/** The suite of channels on counted ends. */
final class CountedEndsContractTest extends ElementQueueContract {

    @Override
    Elements make(int capacity) {
        Channel<Integer> channel = Channel.of(capacity);
        Sender<Integer> sender = channel.sender();
        Receiver<Integer> receiver = channel.receiver();
        return new Elements() {
            @Override
            public void put(Integer element) {
                sender.send(element);
            }

            @Override
            public boolean putWithin(Integer element, Duration limit) {
                return sender.sendWithin(element, limit);
            }

            @Override
            public boolean tryPut(Integer element) {
                return sender.trySend(element);
            }

            @Override
            public Integer take() {
                return receiver.receive();
            }

            @Override
            public Optional<Integer> takeWithin(Duration limit) {
                return receiver.receiveWithin(limit);
            }

            @Override
            public Optional<Integer> tryTake() {
                return receiver.tryReceive();
            }

            @Override
            public Iterable<Integer> all() {
                return receiver;
            }

            @Override
            public void close() {
                sender.close();
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
                return receiver.statistics();
            }
        };
    }
}
