package dev.heddle.http.gateway;

/**
 * Bytes that are told by the number of their exchange, their direction and their place, so that each of another body, of
 * another place or of none is seen for what it is.
 */
final class DayBody {

    /** From the client to the upstream. */
    static final int UP = 0;

    /** From the upstream to the client. */
    static final int DOWN = 1;

    /** 2^64 divided by the golden ratio: the step of SplitMix64. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final long seed;

    /** How many bytes came. */
    private long count;

    /** Of a body that is read from its start. */
    DayBody(int exchange, int direction) {
        this.seed = mix(exchange * 2L + direction);
    }

    /** A part of such a body. */
    static byte[] part(int exchange, int direction, long from, int length) {
        var body = new DayBody(exchange, direction);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = body.at(from + i);
        }
        return bytes;
    }

    long count() {
        return count;
    }

    /** Takes the next bytes; false if they are others than those that stand there. */
    boolean take(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != at(count++)) {
                return false;
            }
        }
        return true;
    }

    private byte at(long place) {
        return (byte) (mix(seed + (place >>> 3) * STEP) >>> ((place & 7) << 3));
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
