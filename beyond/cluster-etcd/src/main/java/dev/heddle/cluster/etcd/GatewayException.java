package dev.heddle.cluster.etcd;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** A request that etcd has refused or not answered. */
final class GatewayException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** What became of the request, and whether another try makes sense. */
    enum Fate {
        /** etcd has said no, and would say it again. */
        REFUSED,
        /** It had no effect, and may have one the next time. */
        NO_EFFECT,
        /** It may have had its effect, or have it later. */
        UNKNOWN
    }

    private final Fate fate;

    GatewayException(Fate fate, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fate = fate;
    }

    static GatewayException badAnswer(String message) {
        return new GatewayException(Fate.UNKNOWN, "a bad answer: " + message, null);
    }

    Fate fate() {
        return fate;
    }
}
