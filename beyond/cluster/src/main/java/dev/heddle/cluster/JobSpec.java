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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    /** How many others a job waits for by their ids at most. */
    public static final int MAX_AFTER = 50;

    private static final Duration LONGEST = Duration.ofDays(10 * 366);

    private static final int MAX_GROUP = 190;

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
        private List<String> after = List.of();
        private String afterBatch = "";
        private boolean afterAnyEnd;
        private String batch = "";
        private String group = "";

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
        if (values.after.size() > MAX_AFTER) {
            throw new IllegalArgumentException("a job waits for at most " + MAX_AFTER + " others by their ids, not "
                    + values.after.size() + ": put them into a batch, and have it wait for that");
        }
        values.after.forEach(Names::encode);
        if (values.after.contains(values.id)) {
            throw new IllegalArgumentException("the job " + values.id + " cannot wait for itself");
        }
        Stream.of(values.batch, values.afterBatch).filter(name -> !name.isEmpty()).forEach(Names::encode);
        if (!values.group.isEmpty()) {
            checkGroup(values.group);
        }
        if (!values.batch.isEmpty() && values.batch.equals(values.afterBatch)) {
            throw new IllegalArgumentException("a job of the batch " + values.batch + " cannot wait for that batch");
        }
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

    /** The ids of the jobs that it waits for; empty for none. */
    public List<String> after() {
        return values.after;
    }

    /** The batch that it waits for; empty for none. */
    public String afterBatch() {
        return values.afterBatch;
    }

    /** Whether it begins however those that it waits for have ended. */
    public boolean afterAnyEnd() {
        return values.afterAnyEnd;
    }

    /** The batch that it belongs to; empty for none. */
    public String batch() {
        return values.batch;
    }

    /** The group that it belongs to; empty for none. */
    public String group() {
        return values.group;
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

    /**
     * After other jobs of the same queue: it waits until all of them are done, and its {@linkplain #withDelay delay} begins
     * then. Its handler reads their results by {@link JobAttempt#resultOf}, and they are kept until it has ended.
     *
     * <p>While one of them is a dead letter, it waits: that may be tried again. When one was cancelled or discarded, it is
     * cancelled, and says why; so are those that wait for it. {@link #withAfterAnyEnd} has it begin in each of these cases.
     *
     * <p>Each of them must be known when the job is submitted, or come before it in the same {@link Jobs#submitAll list}; so
     * no two jobs ever wait for each other. Instead of those that were said before.
     *
     * @param ids at most {@value #MAX_AFTER}; more are a {@linkplain #withAfterBatch batch}
     */
    public JobSpec withAfter(String... ids) {
        List<String> after = Stream.of(ids).distinct().toList();
        return with(to -> to.after = after);
    }

    /** After other jobs of the same queue; see {@link #withAfter(String...)}. */
    public JobSpec withAfter(JobHandle... jobs) {
        return withAfter(Stream.of(jobs).map(JobHandle::id).toArray(String[]::new));
    }

    /**
     * After a batch: it waits for all jobs of the queue that {@linkplain #withBatch belong} to it and were submitted before.
     * So submit it last. Of a batch without jobs, nothing keeps it from beginning. Otherwise as {@link #withAfter}; but the
     * results of a batch are kept no longer than others, and a discarded dead letter belongs to it no more.
     *
     * @param batch empty for none
     */
    public JobSpec withAfterBatch(String batch) {
        return with(to -> to.afterBatch = batch);
    }

    /** Whether it begins however those have ended that it waits for: done, cancelled, discarded or as dead letters. */
    public JobSpec withAfterAnyEnd(boolean afterAnyEnd) {
        return with(to -> to.afterAnyEnd = afterAnyEnd);
    }

    /**
     * As one of a batch, of which {@link Jobs#batch} has the numbers, and for whose end another job may
     * {@linkplain #withAfterBatch wait}. A name is for one use, like an id: put the day into it, or the id of an order.
     *
     * @param batch empty for none
     */
    public JobSpec withBatch(String batch) {
        return with(to -> to.batch = batch);
    }

    /**
     * As one of a group, such as a customer. {@link JobsOptions#withGroupLimit} limits how many of each group are done at a
     * time, and how many are begun in a while. Of one priority those of the group are begun first of which the fewest run;
     * jobs without a group are one group in that.
     *
     * @param group as a name in a cluster, but with at most 190 characters; empty for none
     */
    public JobSpec withGroup(String group) {
        return with(to -> to.group = group);
    }

    static void checkGroup(String group) {
        if (Names.encode(group).length() > MAX_GROUP) {
            throw new IllegalArgumentException("the name of a group, or of jobs with a limit, has at most " + MAX_GROUP
                    + " characters, of which those that are no letters, digits, - _ or @ count three or more: "
                    + group);
        }
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
        terms.after = values.after;
        terms.afterBatch = values.afterBatch;
        terms.afterAnyEnd = values.afterAnyEnd;
        terms.batch = values.batch;
        terms.group = values.group;
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
                + ", deadline=" + values.deadline + ", after=" + values.after + ", afterBatch="
                + values.afterBatch + ", afterAnyEnd=" + values.afterAnyEnd + ", batch=" + values.batch + ", group="
                + values.group + "]";
    }
}
