package dev.heddle.conformance;

import dev.heddle.Heddle;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** The helpers of the tests of all suites. */
final class Fixtures {

    private Fixtures() {}

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
