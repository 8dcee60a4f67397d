package dev.heddle;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * The rule by which {@link TaskGroup#supervise} starts a body again, and gives it up. Immutable; start from {@link
 * #DEFAULT} and change with the {@code with} methods.
 *
 * <p>Each further restart waits longer, as the back-off says. After {@code within} without a failure it begins anew.
 */
public final class RestartPolicy {

    /** After failures only, 10 times a minute at most, waiting 100 ms to 30 s, half of it random. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            false, 10, Duration.ofMinutes(1), Backoff.DEFAULT.withJitter(0.5));

    private final boolean always;
    private final int maxRestarts;
    private final Duration within;
    private final Backoff backoff;

    private RestartPolicy(boolean always, int maxRestarts, Duration within, Backoff backoff) {
        Checks.notNegative("maxRestarts", maxRestarts);
        Checks.positive("within", within);
        Objects.requireNonNull(backoff);
        this.always = always;
        this.maxRestarts = maxRestarts;
        this.within = within;
        this.backoff = backoff;
    }

    /** Whether a body that returned is started again too, not only one that failed. */
    public boolean always() {
        return always;
    }

    /** Most restarts within a time; with one more failure the supervised task fails; at least 0. */
    public int maxRestarts() {
        return maxRestarts;
    }

    /** The time in which restarts are counted; positive. */
    public Duration within() {
        return within;
    }

    /** The wait before each restart. */
    public Backoff backoff() {
        return backoff;
    }

    public RestartPolicy withAlways(boolean always) {
        return new RestartPolicy(always, maxRestarts, within, backoff);
    }

    public RestartPolicy withMaxRestarts(int maxRestarts, Duration within) {
        return new RestartPolicy(always, maxRestarts, within, backoff);
    }

    public RestartPolicy withBackoff(Backoff backoff) {
        return new RestartPolicy(always, maxRestarts, within, backoff);
    }

    @Override
    public String toString() {
        return "RestartPolicy[always=" + always + ", maxRestarts=" + maxRestarts + ", within=" + within + ", backoff="
                + backoff + "]";
    }
}
