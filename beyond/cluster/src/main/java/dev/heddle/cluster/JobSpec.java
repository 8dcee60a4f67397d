package dev.heddle.cluster;

import dev.heddle.Backoff;
import dev.heddle.DeadlineExceededException;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.JobTerms;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.internal.Checks;
import dev.heddle.trace.TraceContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    private static final Duration LONGEST = Duration.ofDays(10 * 366);

    private final Values values;

    /** What is said of it; written only before a spec has it. */
    private static final class Values implements Cloneable {
        private String name = "";
        private Bytes payload = Bytes.EMPTY;
        private String id = "";
        private String key = "";
        private int priority = NORMAL_PRIORITY;
        private Duration delay = Duration.ZERO;
        private int maxAttempts = 5;
        private @Nullable Backoff backoff;
        private @Nullable Duration attemptTimeout;
        private @Nullable Duration deadline;

        @Override
        public Values clone() {
            try {
                return (Values) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Checks the values. */
    private JobSpec(Values values) {
        Names.encode(values.name);
        if (values.payload.length() > StoreLimits.MAX_VALUE) {
            throw new IllegalArgumentException("a payload has at most " + StoreLimits.MAX_VALUE + " bytes, not "
                    + values.payload.length() + ": put it elsewhere and submit where it is");
        }
        if (!values.id.isEmpty()) {
            Names.encode(values.id);
            if (values.id.startsWith("~")) {
                throw new IllegalArgumentException("the ids that begin with ~ are given by the queue: " + values.id);
            }
        }
        if (!values.key.isEmpty()) {
            Names.encode(values.key);
            if (values.key.startsWith("~")) {
                throw new IllegalArgumentException("the keys that begin with ~ are those of schedules: " + values.key);
            }
        }
        Checks.inRange("priority", values.priority, MIN_PRIORITY, MAX_PRIORITY);
        Checks.notNegative("delay", values.delay);
        Checks.atMost("delay", values.delay, LONGEST);
        Checks.inRange("maxAttempts", values.maxAttempts, 1, 1_000_000);
        if (values.backoff != null) {
            Checks.atMost("backoff.max", values.backoff.max(), LONGEST);
        }
        checkLimit("attemptTimeout", values.attemptTimeout);
        checkLimit("deadline", values.deadline);
        this.values = values;
    }

    private static void checkLimit(String name, @Nullable Duration limit) {
        if (limit != null) {
            Checks.positive(name, limit);
            Checks.atMost(name, limit, LONGEST);
        }
    }

    private JobSpec with(Consumer<Values> change) {
        Values changed = values.clone();
        change.accept(changed);
        return new JobSpec(changed);
    }

    /** Chooses the handler. */
    public String name() {
        return values.name;
    }

    /** What the handler is given; at most 64 KiB. */
    public Bytes payload() {
        return values.payload;
    }

    /** Its own name in the queue, under which it is submitted once as long as it is known; if empty a new one. */
    public String id() {
        return values.id;
    }

    /** What no two jobs of the queue have that have not ended; empty for none. */
    public String key() {
        return values.key;
    }

    /** {@value #MIN_PRIORITY} to {@value #MAX_PRIORITY}; the higher is begun first. */
    public int priority() {
        return values.priority;
    }

    /** How long after it was submitted it is begun at the earliest. */
    public Duration delay() {
        return values.delay;
    }

    /** After how many failed attempts it is a dead letter. */
    public int maxAttempts() {
        return values.maxAttempts;
    }

    /** How long it waits after a failed attempt; empty for the back-off of the queue. */
    public Optional<Backoff> backoff() {
        return Optional.ofNullable(values.backoff);
    }

    /** How long one attempt may take; empty for the limit of the handler, if it has one. */
    public Optional<Duration> attemptTimeout() {
        return Optional.ofNullable(values.attemptTimeout);
    }

    /** How long after it was submitted it has to be done; empty for no limit. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(values.deadline);
    }

    /** A job of a name with a payload; begun at once, five times at most. */
    public static JobSpec of(String name, Bytes payload) {
        var values = new Values();
        values.name = name;
        values.payload = payload;
        return new JobSpec(values);
    }

    /** Under an id of its own. A second submit of the same id gives the job that is there, whatever else it says. */
    public JobSpec withId(String id) {
        return with(to -> to.id = id);
    }

    /**
     * With a unique key. A submit while a job of the same key has not ended gives that job; a dead letter has no key.
     */
    public JobSpec withKey(String key) {
        return with(to -> to.key = key);
    }

    /** With another priority. */
    public JobSpec withPriority(int priority) {
        return with(to -> to.priority = priority);
    }

    /** Later. */
    public JobSpec withDelay(Duration delay) {
        return with(to -> to.delay = delay);
    }

    /** With more attempts, or fewer. */
    public JobSpec withMaxAttempts(int maxAttempts) {
        return with(to -> to.maxAttempts = maxAttempts);
    }

    /** With other waits after failed attempts, to the millisecond. */
    public JobSpec withBackoff(Backoff backoff) {
        return with(to -> to.backoff = backoff);
    }

    /**
     * With a limit of time for each attempt, also instead of that of the handler: an attempt that takes longer is
     * cancelled, and has failed with a {@link DeadlineExceededException}. One that gives a result all the same is done.
     *
     * @param attemptTimeout at least a millisecond, at most ten years
     */
    public JobSpec withAttemptTimeout(Duration attemptTimeout) {
        return with(to -> to.attemptTimeout = attemptTimeout);
    }

    /**
     * With a deadline for all of its attempts and the waits before them. A job that is not done by then is a dead letter
     * whose failure is {@code expired}: one that waits at once, one that runs when its attempt, which is cancelled, has
     * ended. It is measured as a delay is, and so passes a little late when all nodes that have seen the job are lost.
     *
     * @param deadline after it was submitted; at least a millisecond, at most ten years
     */
    public JobSpec withDeadline(Duration deadline) {
        return with(to -> to.deadline = deadline);
    }

    /** What a queue keeps of it, submitted at a time in milliseconds since 1970, in the trace of the caller. */
    JobTerms terms(long now) {
        JobTerms.Draft terms = draft();
        terms.submittedAt = now;
        TraceContext.current().ifPresent(trace -> {
            terms.traceparent = trace.traceparent();
            terms.tracestate = trace.state();
        });
        return terms.terms();
    }

    /** What a schedule keeps of it. */
    JobTerms terms() {
        return draft().terms();
    }

    private JobTerms.Draft draft() {
        var terms = new JobTerms.Draft();
        terms.name = values.name;
        terms.priority = values.priority;
        terms.maxAttempts = values.maxAttempts;
        terms.key = values.key;
        terms.deadlineMillis = deadline().map(JobSpec::millis).orElse(0L);
        terms.attemptMillis = attemptTimeout().map(JobSpec::millis).orElse(0L);
        terms.backoff = values.backoff;
        terms.bytes = values.payload.length();
        return terms;
    }

    private static long millis(Duration limit) {
        return Math.max(1, limit.toMillis());
    }

    @Override
    public String toString() {
        return "JobSpec[name=" + values.name + ", payload=" + values.payload + ", id=" + values.id + ", key="
                + values.key + ", priority=" + values.priority + ", delay=" + values.delay + ", maxAttempts="
                + values.maxAttempts + ", backoff=" + values.backoff + ", attemptTimeout=" + values.attemptTimeout
                + ", deadline=" + values.deadline + "]";
    }
}
