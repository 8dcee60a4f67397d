package dev.heddle.sync;

/** The suite of selects on a channel with a ring. */
final class RingedSelectContractTest extends ElementQueueContract {

    @Override
    Elements make(int capacity) {
        return SelectContractTest.of(Ringed.channel(capacity));
    }
}
