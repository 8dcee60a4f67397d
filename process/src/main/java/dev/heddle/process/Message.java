package dev.heddle.process;

import java.nio.ByteBuffer;

/**
 * What managers and other processes say to each other, each as a {@link Frame}: {@code length:4 kind:1 number:8 content}.
 *
 * <pre>
 *   process ──HELLO secret, process id──▶ manager
 *           ◀──SETUP what it must know────
 *           ──CALL 7──▶                        as many at a time as it likes, answered in any order
 *           ──CANCEL 7──▶                      the caller goes on waiting for the answer, which comes soon
 *           ◀──RESULT 7, or another answer──   exactly one to each call
 * </pre>
 */
final class Message {

    // ---- to the manager ----

    /** Secret, process id. */
    static final byte HELLO = 1;

    /** Caller, object, method, encoded arguments. */
    static final byte CALL = 2;

    /** Whoever waits for the answer has been cancelled. */
    static final byte CANCEL = 3;

    /** A caller that holds a mutex has ended; its number. */
    static final byte CALLER_ENDED = 4;

    // ---- to the process ----

    /** An encoded {@link Setup}. */
    static final byte SETUP = 32;
    static final byte RESULT = 33;
    static final byte FAILURE = 34;

    /** The result is longer than may be. */
    static final byte TOO_LONG = 35;

    /** The result cannot travel; why, in words. */
    static final byte CANNOT_TRAVEL = 36;

    /** The call has had no effect. */
    static final byte CANCELLED = 37;

    /** The manager is closed. */
    static final byte CLOSED = 38;

    /** There is no such object, or no more. */
    static final byte GONE = 39;

    /** This process has too many calls under way. */
    static final byte BUSY = 40;

    /** In the kind of an answer: the caller holds a mutex. */
    static final byte HOLDING = 64;

    static final int SECRET_BYTES = 32;

    /** Length, kind and number. */
    static final int HEAD_BYTES = Integer.BYTES + Frame.HEAD_BYTES;

    /** Secret and process id. */
    static final int HELLO_BYTES = SECRET_BYTES + Long.BYTES;

    /** Caller, object, method. */
    static final int CALL_BYTES = Long.BYTES + Integer.BYTES + Short.BYTES;

    private Message() {}

    /** The beginning of a message, with room for so much of its content, and ready for that. */
    static ByteBuffer begin(int kind, long number, int room, int contentBytes) {
        return ByteBuffer.allocate(HEAD_BYTES + room)
                .putInt(Frame.HEAD_BYTES + contentBytes)
                .put((byte) kind)
                .putLong(number);
    }
}
