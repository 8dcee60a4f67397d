package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

    /** Asserts that the loop, in a quiet time, looks into its engine only now and then: it sleeps in the system. */
    static void assertLoopSleeps(Duration quiet, int mostPolls) {
        long before = Heddle.currentLoop().statistics().polls();
        Heddle.sleep(quiet);
        long polls = Heddle.currentLoop().statistics().polls() - before;
        assertTrue(polls <= mostPolls, "polled " + polls + " times while nothing happened");
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
