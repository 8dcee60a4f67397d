package dev.heddle.cluster;

import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.FailedAttempt;
import dev.heddle.cluster.internal.jobs.JobSchedule;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.internal.jobs.RunningJob;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.InboxRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The forms in which people see jobs and schedules, made of their entries. */
final class JobSnapshots {

    private JobSnapshots() {}

    /** Which of those that a blocked job waits for have not ended as it needs. */
    static List<String> awaited(OpenJob form, Function<String, Optional<Entry>> endOf) {
        return !form.blocked()
                ? List.of()
                : form.terms().after().stream()
                        .filter(id -> endOf.apply(Names.encode(id)).flatMap(entry -> EndedJob.decode(entry.value()))
                                .filter(end -> end.kind() == EndedJob.Kind.DONE || form.terms().afterAnyEnd())
                                .isEmpty())
                        .toList();
    }

    static JobSnapshot of(
            String id, OpenJob form, Optional<Entry> running, FailedAttempt failure, List<String> awaited) {
        long begunAt = running.flatMap(entry -> RunningJob.decode(entry.value())).map(RunningJob::begunAt).orElse(0L);
        return new Snapshot(
                id, form.name(), form.key(), statusOf(form, running), failure, form.terms().submittedAt(),
                form.readyAt(), begunAt, 0, form.terms().batch(),
                form.blocked() ? form.terms().afterBatch() : "", awaited);
    }

    static JobSnapshot of(String id, EndedJob end) {
        return new Snapshot(
                id, end.name(), end.key(), statusOf(end), end.failure(), end.submittedAt(), end.readyAt(),
                end.begunAt(), end.endedAt(),
                end.batch(), "", List.of());
    }

    static JobSnapshot of(InboxRow row) {
        return new Snapshot(row.id(), row.name(), "", new JobStatus.Waiting(0, ""), FailedAttempt.NONE, row.atMillis(),
                0, 0, 0, "", "", List.of());
    }

    static JobSnapshot ofUnknown(String id) {
        return new Snapshot(id, "", "", new JobStatus.Unknown(), FailedAttempt.NONE, 0, 0, 0, 0, "", "", List.of());
    }

    private static JobStatus statusOf(OpenJob form, Optional<Entry> running) {
        if (form.dead()) {
            return new JobStatus.Dead(form.attempts(), form.failure().text());
        }
        return running.flatMap(entry -> RunningJob.decode(entry.value()))
                .<JobStatus>map(run -> new JobStatus.Running(
                        run.node(), form.attempts(), run.progress(), form.cancelling()))
                .orElseGet(() -> new JobStatus.Waiting(form.attempts(), form.failure().text()));
    }

    private static JobStatus statusOf(EndedJob ended) {
        return switch (ended.kind()) {
            case DONE -> new JobStatus.Done(ended.attempts());
            case CANCELLED -> new JobStatus.Cancelled(ended.reason());
            case DEAD -> new JobStatus.Dead(ended.attempts(), ended.failure().text());
        };
    }

    static JobScheduleSnapshot of(Jobs jobs, String name, JobSchedule schedule) {
        OptionalLong next = schedule.last() == JobSchedule.NEW
                ? OptionalLong.empty()
                : schedule.times().next(schedule.last());
        Optional<JobHandle> last = schedule.submitted() == 0
                ? Optional.empty()
                : Optional.of(jobs.job("~" + name + "~" + schedule.submitted()));
        return new ScheduleSnapshot(
                name, schedule.terms().name(), schedule.times().words(), instant(next.orElse(0) * 1_000),
                instant(schedule.submitted() * 1_000), last);
    }

    private static Optional<Instant> instant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** What a snapshot says; times in milliseconds since 1970, 0 for none. */
    record Snapshot(String id, String name, String key, JobStatus status, FailedAttempt lastFailure, long submittedAt,
            long readyAt, long begunAt,
            long endedAt, String batch, String awaitedBatch, List<String> awaited) implements JobSnapshot {

        @Override
        public Optional<JobFailure> failure() {
            return lastFailure.isNone() ? Optional.empty() : Optional.of(new JobFailure(lastFailure));
        }

        @Override
        public Optional<Instant> submitted() {
            return instant(submittedAt);
        }

        @Override
        public Optional<Instant> ready() {
            return instant(readyAt);
        }

        @Override
        public Optional<Instant> begun() {
            return instant(begunAt);
        }

        @Override
        public Optional<Instant> ended() {
            return instant(endedAt);
        }
    }

    /** What a snapshot of a schedule says. */
    record ScheduleSnapshot(String name, String jobName, String times, Optional<Instant> next, Optional<Instant> last,
            Optional<JobHandle> lastJob) implements JobScheduleSnapshot {}
}
