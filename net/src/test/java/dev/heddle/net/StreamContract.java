package dev.heddle.net;

import dev.heddle.Heddle;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What the parts of {@link TransportContract} stand on: connected streams, and a few helpers. */
interface StreamContract {

    /** A test over two connected streams. */
    @FunctionalInterface
    interface StreamBody {
        void run(ByteStream left, ByteStream right) throws Exception;
    }

    /** Runs a test in a fresh loop with fresh streams, closes them, and checks that no buffer is left over. */
    void withStreams(StreamBody body);

    /** More bytes than the implementation, and the system below it, keep in buffers; a smaller one saves time. */
    default int moreThanBuffered() {
        return 32 * 1024 * 1024;
    }

    /** Lets the other tasks run to where they wait, whatever order the engine picks. */
    static void letOthersRun() {
        for (int i = 0; i < 50; i++) {
            Heddle.checkpoint();
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes without a pattern that a lost or doubled block would keep. */
    static byte[] noise(int count, long seed) {
        byte[] noise = new byte[count];
        new Random(seed).nextBytes(noise);
        return noise;
    }
}
