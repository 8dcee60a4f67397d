package dev.heddle.io;

import java.nio.ByteBuffer;

/** The transport of {@link Streams#limited}. */
final class LimitedTransport extends FilterTransport {

    private final long maxBytes;
    private long left;

    LimitedTransport(ByteStream stream, long maxBytes) {
        super(stream);
        this.maxBytes = maxBytes;
        this.left = maxBytes;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        if (left <= 0) {
            return readNothing();
        }
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(left, target.remaining()));
        try {
            int count = super.tryRead(target);
            left -= Math.max(count, 0);
            return count;
        } finally {
            target.limit(limit);
        }
    }

    /** Only one more byte tells a peer that sends too much from one that has said all it may. */
    private int readNothing() {
        int count = left < 0 ? 1 : super.tryRead(ByteBuffer.allocate(1));
        if (count > 0) {
            left = -1;
            throw new LimitExceededException("what " + remoteAddress() + " sends", maxBytes);
        }
        return count;
    }
}
