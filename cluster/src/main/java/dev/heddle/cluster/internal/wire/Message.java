package dev.heddle.cluster.internal.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message between two nodes. On the wire it is one frame or several, {@code length:4 kind:1 more:1 number:8
 * content}, where the length counts what follows it; frames of several messages may be mixed.
 *
 * <pre>
 *   both  ──HELLO──▶        or REFUSED, with the reason, and the end
 *   asker ──BODY 7──▶       ──CANCEL 7──▶       ──DROPPED 7──▶  the rest of the body does not come
 *         ◀──ANSWER 7──     ◀──RETURNED 7──     it has not begun, and will not
 *         ◀──LEAVING──      what still comes is returned
 * </pre>
 *
 * @param kind what it says
 * @param number the body that it is about; 0 for none
 * @param content never changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Message(Kind kind, long number, byte[] content) {

    /** The kinds of messages. */
    public enum Kind {

        /** The first of both sides: a {@link Hello}. */
        HELLO(1),

        /** Instead of an answer to a hello: why, in words. */
        REFUSED(2),

        /** A {@link BodyHead} and encoded work. */
        BODY(3),

        /** Nobody waits for the body any more. */
        CANCEL(4),

        /** A body that has come in part does not come. */
        DROPPED(5),

        /** An {@link AnswerHead} and what belongs to it. */
        ANSWER(6),

        /** A body has not begun, and will not; why, in words. */
        RETURNED(7),

        /** The node leaves: it returns what still comes. The asker closes the connection when it has all answers. */
        LEAVING(8);

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }

        /** Its number on the wire, which no version changes. */
        byte number() {
            return number;
        }

        /** The kind with a number; null if there is none. */
        static @Nullable Kind of(byte number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** No content. */
    public static final byte[] NOTHING = {};

    /** One for reading. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(content);
    }
}
