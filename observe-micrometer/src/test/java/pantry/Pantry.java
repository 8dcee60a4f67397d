package pantry;

import dev.heddle.sync.Limiter;

/** Where a user makes things: what Heddle's own code makes is not told of. */
public final class Pantry {

    private Pantry() {}

    public static Limiter limiter(String name, int total) {
        return Limiter.named(name, total);
    }

    public static Limiter spare(int total) {
        return Limiter.of(total);
    }

    public static Limiter nameless(int total) {
        return Limiter.of(total);
    }
}
