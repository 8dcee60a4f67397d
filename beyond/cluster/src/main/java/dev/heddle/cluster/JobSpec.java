package dev.heddle.cluster;

import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * A job to be submitted.
 */
public final class JobSpec {

    /** The lowest priority. */
    public static final int MIN_PRIORITY = 0;

    /** The priority of a job of which nothing else is said. */
    public static final int NORMAL_PRIORITY = 5;

    /** The highest priority. */
    public static final int MAX_PRIORITY = 9;

    private final String name;
    private final Bytes payload;
    private final String id;
    private final String key;
    private final int priority;
    private final Duration delay;
    private final int maxAttempts;

    /** Checks the arguments. */
    private JobSpec(String name, Bytes payload, String id, String key, int priority, Duration delay,
            int maxAttempts) {
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
        this.name = name;
        this.payload = payload;
        this.id = id;
        this.key = key;
        this.priority = priority;
        this.delay = delay;
        this.maxAttempts = maxAttempts;
    }

    /** Chooses the handler. */
    public String name() {
        return name;
    }

    /** What the handler is given; at most 64 KiB. */
    public Bytes payload() {
        return payload;
    }

    /** Its own name in the queue, under which it is submitted once as long as it is known; if empty a new one. */
    public String id() {
        return id;
    }

    /** What no two jobs of the queue have that have not ended; empty for none. */
    public String key() {
        return key;
    }

    /** {@value #MIN_PRIORITY} to {@value #MAX_PRIORITY}; the higher is begun first. */
    public int priority() {
        return priority;
    }

    /** How long after it was submitted it is begun at the earliest. */
    public Duration delay() {
        return delay;
    }

    /** After how many failed attempts it is a dead letter. */
    public int maxAttempts() {
        return maxAttempts;
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

    @Override
    public String toString() {
        return "JobSpec[name=" + name + ", payload=" + payload + ", id=" + id + ", key=" + key + ", priority="
                + priority + ", delay=" + delay + ", maxAttempts=" + maxAttempts + "]";
    }
}
