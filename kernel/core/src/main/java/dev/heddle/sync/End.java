package dev.heddle.sync;

/** One counted end of a channel. Guarded by the lock of the {@link ChannelCore}. */
final class End {

    final boolean sends;
    boolean closed;

    End(boolean sends) {
        this.sends = sends;
    }

    @Override
    public String toString() {
        return sends ? "sender" : "receiver";
    }
}
