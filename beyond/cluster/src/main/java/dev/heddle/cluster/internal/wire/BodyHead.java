package dev.heddle.cluster.internal.wire;

import java.nio.ByteBuffer;

/**
 * The head of a body on its way: {@code deadline:8 attempt:4 name}.
 *
 * @param deadlineNanos how much time is left for it; {@link Long#MAX_VALUE} for no end
 * @param attempt the number of the try, from 1
 * @param name what it is, for people
 */
public record BodyHead(long deadlineNanos, int attempt, String name) {

    /** No deadline. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Encodes it. */
    public byte[] encode() {
        byte[] utf8 = Texts.utf8(name);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + Short.BYTES + utf8.length);
        bytes.putLong(deadlineNanos).putInt(attempt);
        Texts.put(bytes, utf8);
        return bytes.array();
    }

    /** Reads it, up to where the work begins. */
    public static BodyHead decode(ByteBuffer from) {
        return new BodyHead(from.getLong(), from.getInt(), Texts.take(from));
    }
}
