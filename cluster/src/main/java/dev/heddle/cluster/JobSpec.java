package dev.heddle.cluster;

import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * A job to be submitted.
 *
 * @param name chooses the handler
 * @param payload what the handler is given; at most 64 KiB
 * @param id its own name in the queue, under which it is submitted once as long as it is known; if empty a new one
 * @param key what no two jobs of the queue have that have not ended; empty for none
 * @param priority {@value #MIN_PRIORITY} to {@value #MAX_PRIORITY}; the higher is begun first
 * @param delay how long after it was submitted it is begun at the earliest
 * @param maxAttempts after how many failed attempts it is a dead letter
 */
public record JobSpec(
        String name, Bytes payload, String id, String key, int priority, Duration delay, int maxAttempts) {

    /** The lowest priority. */
    public static final int MIN_PRIORITY = 0;

    /** The priority of a job of which nothing else is said. */
    public static final int NORMAL_PRIORITY = 5;

    /** The highest priority. */
    public static final int MAX_PRIORITY = 9;

    /** Checks the arguments. */
    public JobSpec {
        Names.encode(name);
        if (payload.length() > StoreLimits.MAX_VALUE) {
            throw new IllegalArgumentException("a payload has at most " + StoreLimits.MAX_VALUE + " bytes, not "
                    + payload.length() + ": put it elsewhere and submit where it is");
        }
        if (!id.isEmpty()) {
            Names.encode(id);
            if (id.startsWith("~")) {
                throw new IllegalArgumentException("the ids that begin with ~ are given by the queue: " + id);
            }
        }
        if (!key.isEmpty()) {
            Names.encode(key);
            if (key.startsWith("~")) {
                throw new IllegalArgumentException("the keys that begin with ~ are those of schedules: " + key);
            }
        }
        Checks.inRange("priority", priority, MIN_PRIORITY, MAX_PRIORITY);
        Checks.notNegative("delay", delay);
        Checks.atMost("delay", delay, Duration.ofDays(10 * 366));
        Checks.inRange("maxAttempts", maxAttempts, 1, 1_000_000);
    }

    /** A job of a name with a payload; begun at once, five times at most. */
    public static JobSpec of(String name, Bytes payload) {
        return new JobSpec(name, payload, "", "", NORMAL_PRIORITY, Duration.ZERO, 5);
    }

    /** Under an id of its own. A second submit of the same id gives the job that is there, whatever else it says. */
    public JobSpec withId(String id) {
        return new JobSpec(name, payload, id, key, priority, delay, maxAttempts);
    }

    /**
     * With a unique key. A submit while a job of the same key has not ended gives that job; a dead letter has no key.
     */
    public JobSpec withKey(String key) {
        return new JobSpec(name, payload, id, key, priority, delay, maxAttempts);
    }

    /** With another priority. */
    public JobSpec withPriority(int priority) {
        return new JobSpec(name, payload, id, key, priority, delay, maxAttempts);
    }

    /** Later. */
    public JobSpec withDelay(Duration delay) {
        return new JobSpec(name, payload, id, key, priority, delay, maxAttempts);
    }

    /** With more attempts, or fewer. */
    public JobSpec withMaxAttempts(int maxAttempts) {
        return new JobSpec(name, payload, id, key, priority, delay, maxAttempts);
    }
}
