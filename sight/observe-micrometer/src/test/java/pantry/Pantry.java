package pantry;

import dev.heddle.sync.ConcurrencyLimiter;

/** Where a user makes things: what Heddle's own code makes is not told of. */
public final class Pantry {

    private Pantry() {}

    public static ConcurrencyLimiter limiter(String name, int total) {
        return ConcurrencyLimiter.named(name, total);
    }

    public static ConcurrencyLimiter spare(int total) {
        return ConcurrencyLimiter.of(total);
    }

    public static ConcurrencyLimiter nameless(int total) {
        return ConcurrencyLimiter.of(total);
    }
}
