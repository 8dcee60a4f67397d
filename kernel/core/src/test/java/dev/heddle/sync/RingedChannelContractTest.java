package dev.heddle.sync;

/** The suite of channels on a channel with a ring. */
final class RingedChannelContractTest extends ElementQueueContract {

    @Override
    Elements make(int capacity) {
        return ChannelContractTest.of(Ringed.channel(capacity));
    }
}
