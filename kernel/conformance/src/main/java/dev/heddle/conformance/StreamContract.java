package dev.heddle.conformance;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import java.time.Duration;

/** The fixture under the parts of {@link TransportContract}. */
public interface StreamContract {

    /** Connects fresh streams, of which there may be many at a time; called in the main task of the loop. */
    interface Connector {
        Pair open() throws Exception;
    }

    /** Two connected streams. */
    record Pair(ByteStream left, ByteStream right) implements AutoCloseable {

        @Override
        public void close() {
            try (left) {
                right.close();
            }
        }
    }

    /** A test over any number of streams. */
    interface ConnectorBody {
        void run(Connector connector) throws Exception;
    }

    /** Runs a test in a fresh loop, and checks that nothing is left over. */
    void inLoop(ConnectorBody body);

    /** Runs a test in a fresh loop with fresh streams, closes them, and checks that nothing is left over. */
    default void withStreams(StreamBody body) {
        inLoop(connector -> {
            try (Pair pair = connector.open()) {
                body.run(pair.left(), pair.right());
            }
        });
    }

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
