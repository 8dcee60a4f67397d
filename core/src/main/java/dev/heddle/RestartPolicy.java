package dev.heddle;

import java.time.Duration;

/**
 * The rule by which {@link TaskGroup#supervise} starts a body again, and gives it up. Immutable; start from {@link
 * #DEFAULT} and change with the {@code with} methods.
 *
 * <p>The first restart waits for {@code firstDelay}; each further one twice as long, up to {@code maxDelay}. After {@code within}
 * without a failure it begins anew.
 *
 * @param always whether a body that returned is started again too, not only one that failed
 * @param maxRestarts most restarts within a time; with one more failure the supervised task fails; at least 0
 * @param within the time in which restarts are counted; positive
 * @param firstDelay the wait before the first restart; not negative. Zero stays zero when it is doubled: no restart waits then
 * @param maxDelay the longest wait before a restart; at least {@code firstDelay}
 * @param jitter how much of each wait is random, 0 to 1: the wait is shortened by up to that part, so that many tasks that failed
 *     together do not start together
 */
public record RestartPolicy(
        boolean always, int maxRestarts, Duration within, Duration firstDelay, Duration maxDelay, double jitter) {

    /** After failures only, 10 times a minute at most, waiting 100 ms to 30 s, half of it random. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            false,
            10,
            Duration.ofMinutes(1),
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            0.5);

    public RestartPolicy {
        if (maxRestarts < 0) {
            throw new IllegalArgumentException("maxRestarts is " + maxRestarts + ", must not be negative");
        }
        if (!within.isPositive()) {
            throw new IllegalArgumentException("within is " + within + ", must be positive");
        }
        if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "delays are " + firstDelay + " to " + maxDelay + ", must not be negative nor go down");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter is " + jitter + ", must be from 0 to 1");
        }
    }

    public RestartPolicy withAlways(boolean always) {
        return new RestartPolicy(always, maxRestarts, within, firstDelay, maxDelay, jitter);
    }

    public RestartPolicy withMaxRestarts(int maxRestarts, Duration within) {
        return new RestartPolicy(always, maxRestarts, within, firstDelay, maxDelay, jitter);
    }

    public RestartPolicy withDelays(Duration firstDelay, Duration maxDelay) {
        return new RestartPolicy(always, maxRestarts, within, firstDelay, maxDelay, jitter);
    }

    public RestartPolicy withJitter(double jitter) {
        return new RestartPolicy(always, maxRestarts, within, firstDelay, maxDelay, jitter);
    }
}
