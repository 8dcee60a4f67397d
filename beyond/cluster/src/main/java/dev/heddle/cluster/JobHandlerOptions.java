package dev.heddle.cluster;

import dev.heddle.Backoff;
import dev.heddle.cluster.internal.jobs.FailedAttempt;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options by which a node handles the jobs of a name: which failures are tried again, and when; how long an attempt
 * may take; what is around each.
 *
 * <pre>{@code
 * JobHandlerOptions options = JobHandlerOptions.DEFAULT
 *         .withNoRetry(IllegalArgumentException.class)
 *         .withRetry(IOException.class, Backoff.DEFAULT)
 *         .withAttemptTimeout(Duration.ofMinutes(5));
 * }</pre>
 *
 * <p>A failure fits what was said of its class or a superclass of it, or of that of one of its causes. If it fits more
 * than one, what was said first counts; if none, the job waits for its own {@linkplain JobSpec#withBackoff back-off} or
 * that of the queue. What a handler says by {@link JobNotRetriedException} and {@link JobRetryException} comes before
 * all of that, and after {@link JobSpec#maxAttempts} failures the job is a dead letter in any case.
 *
 * <p>Threads: immutable.
 */
public final class JobHandlerOptions {

    /** Every failure is tried again; an attempt may take any time. */
    public static final JobHandlerOptions DEFAULT = new JobHandlerOptions(List.of(), null, List.of());

    private final List<Rule> rules;
    private final @Nullable Duration attemptTimeout;
    private final List<JobFilter> filters;

    private JobHandlerOptions(List<Rule> rules, @Nullable Duration attemptTimeout, List<JobFilter> filters) {
        if (attemptTimeout != null) {
            Checks.positive("attemptTimeout", attemptTimeout);
        }
        this.rules = List.copyOf(rules);
        this.attemptTimeout = attemptTimeout;
        this.filters = List.copyOf(filters);
    }

    /**
     * What becomes of failures of a class.
     *
     * @param backoff null if they are not tried again
     */
    private record Rule(Class<? extends Throwable> failure, @Nullable Backoff backoff) {}

    /** How long one attempt may take; empty for any time. */
    public Optional<Duration> attemptTimeout() {
        return Optional.ofNullable(attemptTimeout);
    }

    /** Failures of a class are tried again after these waits. */
    public JobHandlerOptions withRetry(Class<? extends Throwable> failure, Backoff backoff) {
        return with(new Rule(failure, Objects.requireNonNull(backoff)));
    }

    /** A job that fails with one of a class is a dead letter at once. */
    public JobHandlerOptions withNoRetry(Class<? extends Throwable> failure) {
        return with(new Rule(failure, null));
    }

    private JobHandlerOptions with(Rule rule) {
        Objects.requireNonNull(rule.failure);
        return new JobHandlerOptions(Stream.concat(rules.stream(), Stream.of(rule)).toList(), attemptTimeout, filters);
    }

    /** A limit of time for each attempt, unless the job has {@linkplain JobSpec#withAttemptTimeout one of its own}. */
    public JobHandlerOptions withAttemptTimeout(Duration attemptTimeout) {
        return new JobHandlerOptions(rules, Objects.requireNonNull(attemptTimeout), filters);
    }

    /** With a filter around each attempt, inside those that were said before. */
    public JobHandlerOptions withFilter(JobFilter filter) {
        return new JobHandlerOptions(
                rules, attemptTimeout, Stream.concat(filters.stream(), Stream.of(filter)).toList());
    }

    /** A handler inside the filters. */
    JobHandler around(JobHandler handler) {
        JobHandler around = Objects.requireNonNull(handler);
        for (JobFilter filter : filters.reversed()) {
            JobHandler next = around;
            around = job -> filter.handle(job, next);
        }
        return around;
    }

    /**
     * How long a job waits after a failure.
     *
     * @param failures of the job up to now
     * @param otherwise if no rule fits; null if it is not tried again then
     * @return empty if it is not tried again
     */
    Optional<Duration> delay(Throwable failure, int failures, @Nullable Backoff otherwise) {
        for (Rule rule : rules) {
            if (FailedAttempt.find(rule.failure, failure).isPresent()) {
                return Optional.ofNullable(rule.backoff).map(backoff -> backoff.delay(failures));
            }
        }
        return Optional.ofNullable(otherwise).map(backoff -> backoff.delay(failures));
    }

    @Override
    public String toString() {
        return "JobHandlerOptions[rules=" + rules + ", attemptTimeout=" + attemptTimeout + ", filters=" + filters
                + "]";
    }
}
