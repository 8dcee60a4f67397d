package dev.heddle.cluster.internal.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The head of the answer to a body: {@code end:1 load:4}.
 *
 * @param end how it has ended
 * @param load how many bodies the node has, this one not counted
 */
public record AnswerHead(End end, int load) {

    /** How a body ends that has begun. */
    public enum End {

        /** With a result, encoded. */
        RESULT(1),

        /** With a failure, encoded. */
        FAILURE(2),

        /** With a result that is longer than may be. */
        TOO_LONG(3),

        /** With a result that cannot travel; why, in words. */
        CANNOT_TRAVEL(4),

        /** Its process has died; the failure, encoded. */
        PROCESS_DIED(5),

        /** It was given up: by a cancel, or by its deadline. */
        GIVEN_UP(6),

        /** The node has stopped it by itself: it leaves the cluster, or was cut off from it. */
        STOPPED(7);

        private static final End[] ALL = values();

        private final byte number;

        End(int number) {
            this.number = (byte) number;
        }

        private static @Nullable End of(byte number) {
            for (End end : ALL) {
                if (end.number == number) {
                    return end;
                }
            }
            return null;
        }
    }

    /** Encodes it. */
    public byte[] encode() {
        return ByteBuffer.allocate(1 + Integer.BYTES).put(end.number).putInt(load).array();
    }

    /**
     * Reads it, up to where the rest begins.
     *
     * @throws IllegalArgumentException if it ends in a way that is not known here
     */
    public static AnswerHead decode(ByteBuffer from) {
        byte number = from.get();
        End end = End.of(number);
        if (end == null) {
            throw new IllegalArgumentException("an answer of kind " + number);
        }
        return new AnswerHead(end, from.getInt());
    }
}
