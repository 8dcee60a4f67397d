package dev.heddle.conformance;

/** The fixture under the parts of {@link TransportContract}. */
interface StreamContract {

    /** Runs a test in a fresh loop with fresh streams, closes them, and checks that nothing is left over. */
    void withStreams(StreamBody body);

    /** More bytes than the implementation, and the system below it, keep in buffers; a smaller one saves time. */
    default int moreThanBuffered() {
        return 32 * 1024 * 1024;
    }
}
