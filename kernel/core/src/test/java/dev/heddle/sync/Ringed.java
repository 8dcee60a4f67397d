package dev.heddle.sync;

/** Channels as they are when much has gone through them: with a ring that needs no lock as long as nobody waits. */
final class Ringed {

    private Ringed() {}

    static <T> Channel<T> channel(int capacity) {
        Channel<T> channel = Channel.of(capacity);
        return channel.core.underLock(state -> {
            if (capacity > 0) {
                state.makeRing();
            }
            return channel;
        });
    }
}
