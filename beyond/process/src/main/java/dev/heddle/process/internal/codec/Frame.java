package dev.heddle.process.internal.codec;

import org.jspecify.annotations.Nullable;

/**
 * One message between two processes: {@code length:4 kind:1 number:8 content}, where the length counts what follows it.
 *
 * @param holding in an answer of a manager: whether the caller holds a mutex, so that its end must be told
 * @param number of the work, call or caller that it belongs to
 * @param content never changed
 * @param inflow the content of long work, which comes while it is decoded; null for others
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Frame(MessageKind kind, boolean holding, long number, byte[] content, @Nullable Inflow inflow) {

    /** Kind and number. */
    public static final int HEAD_BYTES = Byte.BYTES + Long.BYTES;

    /** With the length. */
    public static final int FULL_HEAD_BYTES = Integer.BYTES + HEAD_BYTES;

    /** Beside the number of the kind. */
    static final int HOLDING = 0x40;

    public static final byte[] NOTHING = {};

    // ---- contents ----

    public static final int SECRET_BYTES = 32;

    /** Secret and process id, as a manager is greeted. */
    public static final int HELLO_BYTES = SECRET_BYTES + Long.BYTES;

    /** Caller, object, method. */
    public static final int CALL_BYTES = Long.BYTES + Integer.BYTES + Short.BYTES;

    public Frame(MessageKind kind, boolean holding, long number, byte[] content) {
        this(kind, holding, number, content, null);
    }

    public Frame(MessageKind kind, long number, byte[] content) {
        this(kind, false, number, content);
    }

    /** Long work. */
    Frame(MessageKind kind, long number, Inflow inflow) {
        this(kind, false, number, NOTHING, inflow);
    }
}
