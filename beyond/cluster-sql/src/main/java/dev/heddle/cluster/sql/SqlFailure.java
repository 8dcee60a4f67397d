package dev.heddle.cluster.sql;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** The failure of a statement. */
final class SqlFailure extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** What became of the transaction, and whether another try makes sense. */
    enum Fate {
        /** It had no effect, and would have none the next time. */
        LASTING,
        /** It had no effect, and may have one the next time. */
        NO_EFFECT,
        /** It may have had its effect, or have it later. */
        UNKNOWN
    }

    private final Fate fate;

    SqlFailure(Fate fate, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fate = fate;
    }

    Fate fate() {
        return fate;
    }
}
