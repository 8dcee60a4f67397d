package dev.heddle.sync;

import java.util.LinkedHashSet;
import java.util.Set;

/** One counted end of a channel. Guarded by the lock of the {@link ChannelCore}. */
final class End {

    final boolean sends;
    boolean closed;

    /** Those made on it that wait, in their order. */
    final Set<WaitingCall<?>> calls = new LinkedHashSet<>(0);

    End(boolean sends) {
        this.sends = sends;
    }

    @Override
    public String toString() {
        return sends ? "sender" : "receiver";
    }
}
