package dev.heddle.cluster.internal.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message between two nodes. On the wire it is one frame or several, {@code length:4 kind:1 place:1 number:8
 * content}, where the length counts what follows it; frames of several messages may be mixed. The first of several
 * begins with the length of all of them, {@code total:4}. Of a body no more than the first comes until it is asked for.
 *
 * <pre>
 *   both  ──HELLO──▶        or REFUSED, with the reason, and the end
 *   asker ──BODY 7──▶       ──CANCEL 7──▶       ──DROPPED 7──▶  the rest of the body does not come
 *         ◀──GRANT 7──      so much more of the body may come
 *         ◀──ANSWER 7──     ◀──RETURNED 7──     it has not begun, and will not
 *         ◀──LEAVING──      what still comes is returned
 * </pre>
 *
 * @param kind what it says
 * @param number the body that it is about; 0 for none
 * @param content never changed
 * @param rest what follows the content of a long body, as it comes; null for other messages
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Message(Kind kind, long number, byte[] content, @Nullable BodyPieces rest) {

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
        LEAVING(8),

        /** How many more bytes of a long body may come. */
        GRANT(9);

        private static final Kind[] ALL = values();

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
            for (Kind kind : ALL) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** No content. */
    public static final byte[] NOTHING = {};

    /** One that has come as a whole. */
    public Message(Kind kind, long number, byte[] content) {
        this(kind, number, content, null);
    }

    /** One for reading. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(content);
    }
}
