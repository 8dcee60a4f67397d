package dev.heddle.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;

/**
 * Random numbers that nobody foretells: ids of sessions, masks, nonces. Not the engine's, which can be computed from
 * others of them.
 *
 * <p>Threads: any; a draw may lock for some steps.
 */
public final class SecretNumbers {

    private SecretNumbers() {}

    /**
     * Bytes for one secret.
     *
     * @throws UncheckedIOException if the JDK's source has not begun and there are no descriptors for that; who has
     *     an answer to it calls {@link FirstUse#RANDOM} before
     */
    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        fill(bytes);
        return bytes;
    }

    /** Fills an array; errors as for {@link #bytes}. */
    public static void fill(byte[] bytes) {
        begin();
        Source.RANDOM.nextBytes(bytes);
    }

    /** A number from zero to below a bound; errors as for {@link #bytes}. */
    public static int below(int bound) {
        begin();
        return Source.RANDOM.nextInt(bound);
    }

    private static void begin() {
        try {
            FirstUse.RANDOM.begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Made when its part of the JDK has begun. */
    private static final class Source {
        static final SecureRandom RANDOM = new SecureRandom();
    }
}
