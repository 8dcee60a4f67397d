package dev.heddle.conformance;

import dev.heddle.Heddle;
import java.time.Duration;

/** The fixture under the parts of {@link TransportContract}. */
interface StreamContract {

    /** Runs a test in a fresh loop with fresh streams, closes them, and checks that nothing is left over. */
    void withStreams(StreamBody body);

    /** More bytes than the implementation, and the system below it, keep in buffers; a smaller one saves time. */
    default int moreThanBuffered() {
        return 32 * 1024 * 1024;
    }

    /**
     * Lets what was sent, an end, or a reset arrive at the other end, where nobody reads. A loopback brings it with the
     * call, which an engine makes when it next looks for news.
     */
    default void letArrive() {
        Heddle.sleep(Duration.ofMillis(5));
    }

    /** Whether an abort is told to the peer as a loss. Otherwise it is an end: over pipes, and over Unix sockets. */
    default boolean tellsResets() {
        return true;
    }

    /** Whether a close before unread bytes is told to the peer as a loss, as TCP and Unix sockets do. */
    default boolean closesBeforeUnreadAreResets() {
        return false;
    }
}
