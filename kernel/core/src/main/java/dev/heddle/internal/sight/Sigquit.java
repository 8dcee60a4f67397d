package dev.heddle.internal.sight;

import dev.heddle.FailureHandler;
import dev.heddle.WaitReport;
import dev.heddle.internal.DataDumps;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The answer to {@code kill -QUIT} beside the JVM's own, which prints its threads: a {@link WaitReport} on {@code
 * System.err}. Only with {@code -Dheddle.sigquit=true}, because the JVM then switches all virtual threads more slowly.
 */
public final class Sigquit {

    private static final AtomicBoolean LISTENING = new AtomicBoolean();

    private Sigquit() {}

    /** Does what the property says, the first time. */
    public static void listen() {
        if (!Boolean.getBoolean("heddle.sigquit") || LISTENING.getAndSet(true)) {
            return;
        }
        try {
            DataDumps.onRequest(() -> System.err.println(WaitReport.capture()));
        } catch (IllegalStateException e) {
            FailureHandler.LOG.failed("-Dheddle.sigquit=true has no effect: " + e.getMessage(), e);
        }
    }
}
