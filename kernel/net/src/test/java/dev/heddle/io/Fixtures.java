package dev.heddle.io;

import dev.heddle.Heddle;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What many tests use. */
public final class Fixtures {

    private Fixtures() {}

    /** A test over two connected streams. */
    @FunctionalInterface
    public interface StreamBody {
        void run(ByteStream left, ByteStream right) throws Exception;
    }

    /** Lets the other tasks run to where they wait, whatever order the engine picks. */
    public static void letOthersRun() {
        for (int i = 0; i < 50; i++) {
            Heddle.checkpoint();
        }
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes without a pattern that a lost or doubled block would keep. */
    public static byte[] noise(int count, long seed) {
        byte[] noise = new byte[count];
        new Random(seed).nextBytes(noise);
        return noise;
    }
}
