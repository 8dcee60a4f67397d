package dev.heddle.io;

import dev.heddle.Heddle;
import org.jspecify.annotations.Nullable;

/** One run of {@link Streams#relay}. */
final class Relay {

    private final ByteStream left;
    private final ByteStream right;
    private @Nullable RuntimeException failure;

    Relay(ByteStream left, ByteStream right) {
        this.left = left;
        this.right = right;
    }

    Streams.Relayed run() {
        long[] passed = new long[2];
        boolean done = false;
        try {
            Heddle.group(g -> {
                g.spawn("relay to " + right.remoteAddress(), () -> {
                    passed[0] = pass(left, right);
                });
                passed[1] = pass(right, left);
            });
            if (failure != null) {
                throw failure;
            }
            done = true;
        } finally {
            if (!done) {
                abort();
            }
            left.close();
            right.close();
        }
        return new Streams.Relayed(passed[0], passed[1]);
    }

    /** The first failure counts: the other way then fails only because both streams are aborted. */
    private long pass(ByteStream from, ByteStream to) {
        try {
            long passed = Streams.copy(from, to);
            to.closeOutput();
            return passed;
        } catch (RuntimeException e) {
            if (failure == null) {
                failure = e;
            }
            abort();
            return 0;
        }
    }

    private void abort() {
        left.abort();
        right.abort();
    }
}
