package dev.heddle.cluster;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A choice among the jobs of a queue: those that fit all that is asked for.
 *
 * <pre>{@code
 * JobQuery failed = JobQuery.ALL.withKind("send").withStatus(JobQuery.Status.DEAD).withText("example.org");
 * }</pre>
 *
 * <p>Threads: immutable, for any.
 */
public final class JobQuery {

    /** All jobs that are known. */
    public static final JobQuery ALL = new JobQuery("", EnumSet.allOf(Status.class), "", "");

    private final String kind;
    private final Set<Status> statuses;
    private final String key;
    private final String text;

    /** A status of jobs by its name alone; {@link JobStatus} has the rest. */
    public enum Status {
        /** It waits. */
        WAITING,
        /** A node does it. */
        RUNNING,
        /** A dead letter. */
        DEAD,
        /** It is done. */
        DONE,
        /** It was cancelled. */
        CANCELLED
    }

    private JobQuery(String kind, Set<Status> statuses, String key, String text) {
        this.kind = kind;
        this.statuses = statuses;
        this.key = key;
        this.text = text;
    }

    /** The name that chooses their handler; empty for any. */
    public String kind() {
        return kind;
    }

    /** What they may be. */
    public Set<Status> statuses() {
        return Set.copyOf(statuses);
    }

    /** Their unique key; empty for any or none. */
    public String key() {
        return key;
    }

    /** What their id, kind, key or last failure contains, in any case; empty for anything. */
    public String text() {
        return text;
    }

    /** Only those of a kind. */
    public JobQuery withKind(String kind) {
        return new JobQuery(Objects.requireNonNull(kind), statuses, key, text);
    }

    /** Only those that are one of these. */
    public JobQuery withStatus(Status first, Status... more) {
        return new JobQuery(kind, EnumSet.of(first, more), key, text);
    }

    /** Only those that are one of these, of what it wants already; it may be that none is left, and nothing fits. */
    public JobQuery within(Status first, Status... more) {
        Set<Status> both = statuses.isEmpty() ? EnumSet.noneOf(Status.class) : EnumSet.copyOf(statuses);
        both.retainAll(EnumSet.of(first, more));
        return new JobQuery(kind, both, key, text);
    }

    /** Only those with a unique key. */
    public JobQuery withKey(String key) {
        return new JobQuery(kind, statuses, Objects.requireNonNull(key), text);
    }

    /** Only those whose id, kind, key or last failure contains a text, in any case. */
    public JobQuery withText(String text) {
        return new JobQuery(kind, statuses, key, text.toLowerCase(Locale.ROOT));
    }

    boolean wants(Status... some) {
        return Stream.of(some).anyMatch(statuses::contains);
    }

    boolean fits(JobSnapshot job) {
        return wants(statusOf(job.status()))
                && (kind.isEmpty() || kind.equals(job.name()))
                && (key.isEmpty() || key.equals(job.key()))
                && (text.isEmpty() || Stream
                        .concat(Stream.of(job.id(), job.name(), job.key()), job.failure().stream().flatMap(
                                failure -> Stream.of(failure.type(), failure.message())))
                        .anyMatch(each -> each.toLowerCase(Locale.ROOT).contains(text)));
    }

    private static Status[] statusOf(JobStatus status) {
        return switch (status) {
            case JobStatus.Waiting _ -> new Status[]{Status.WAITING};
            case JobStatus.Running _ -> new Status[]{Status.RUNNING};
            case JobStatus.Dead _ -> new Status[]{Status.DEAD};
            case JobStatus.Done _ -> new Status[]{Status.DONE};
            case JobStatus.Cancelled _ -> new Status[]{Status.CANCELLED};
            case JobStatus.Unknown _ -> new Status[0];
        };
    }

    @Override
    public String toString() {
        return "JobQuery[kind=" + kind + ", statuses=" + statuses + ", key=" + key + ", text=" + text + ']';
    }
}
