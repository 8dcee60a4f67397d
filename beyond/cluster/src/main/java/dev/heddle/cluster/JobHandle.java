package dev.heddle.cluster;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.FailedAttempt;
import dev.heddle.cluster.internal.jobs.InboxJob;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Inbox;
import dev.heddle.cluster.store.InboxRow;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job that was submitted. It is no more than its id: another node, or a later run of the program, makes the same with
 * {@link Jobs#job}.
 *
 * <p>Threads: tasks of any loop.
 *
 * @param id the name of the job in its queue
 */
public record JobHandle(Jobs jobs, String id) {

    /**
     * Waits until the job has ended.
     *
     * <p>Cancellation: a cancelled call leaves the job alone.
     *
     * @return its result
     * @throws JobCancelledException if it was cancelled
     * @throws JobFailedException if it is a dead letter
     * @throws JobForgottenException if it is not known
     * @throws ClosedException if this node leaves the cluster
     */
    public Bytes join() {
        return jobs.again(lease -> {
            DirectoryView ended = lease.view(keys().ended());
            if (!isSeen(lease) && !isKnown(lease)) {
                throw forgotten();
            }
            Optional<Picture> seen = Heddle.moveOnAfter(
                    Jobs.LOOK, () -> ended.await(picture -> picture.entries().containsKey(key())));
            Optional<Entry> end = Jobs.read(lease, keys().ended(key()));
            if (end.isEmpty()) {
                if (!isKnown(lease)) {
                    throw forgotten();
                }
                seen.ifPresent(old -> Heddle.moveOnAfter(Jobs.LOOK, () -> ended.await(picture -> picture != old)));
                return Optional.empty(); // it goes on, or was a dead letter and does so again
            }
            EndedJob how = EndedJob.decode(end.get().value()).orElseThrow(() -> Forms.unreadable(end.get()));
            return Optional.of(
                    switch (how.kind()) {
                        case DONE ->
                            Jobs.read(lease, keys().record(key()))
                                    .orElseThrow(() -> new JobForgottenException(
                                            this + " is done, and its result no more kept"))
                                    .value();
                        case CANCELLED -> throw new JobCancelledException(
                                this + " was cancelled" + (how.reason().isEmpty() ? "" : ": " + how.reason()),
                                this + " at " + how.endedAt());
                        case DEAD ->
                            throw new JobFailedException(
                                    this + (how.failure().type().equals(FailedAttempt.EXPIRED)
                                            ? " has expired: " + how.failure().message()
                                            : " failed " + how.attempts() + " times, the last time: "
                                                    + how.failure().text()),
                                    this + " at " + how.endedAt());
                    });
        });
    }

    /**
     * What has become of it.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public JobStatus status() {
        return snapshot().status();
    }

    /** What has become of it, with its name and times; otherwise as {@link #status}. */
    public JobSnapshot snapshot() {
        return jobs.again(lease -> {
            Optional<Entry> open = open(lease);
            if (open.isPresent()) {
                OpenJob form = Jobs.formOf(open.get());
                return Optional.of(
                        JobSnapshots.of(id, form, Jobs.read(lease, keys().running(key())), failureOf(lease, form),
                                JobSnapshots.awaited(form, other -> Jobs.read(lease, keys().ended(other)))));
            }
            Optional<EndedJob> ended = endOf(lease);
            if (ended.isPresent()) {
                return Optional.of(JobSnapshots.of(id, ended.get()));
            }
            Optional<InboxRow> row = Jobs.inInbox(lease, jobs.name(), id);
            if (row.isPresent()) {
                return Optional.of(JobSnapshots.of(row.get()));
            }
            return hasCome(lease)
                    ? Optional.empty()
                    : Optional.of(JobSnapshots.ofUnknown(id));
        });
    }

    /**
     * Cancels it: what waits ends at once; what runs is asked to end, as a task is, and has ended when {@link #join}
     * says so. A job that is done by then stays done.
     *
     * <p>Cancellation: a cancelled call may have cancelled the job.
     *
     * @return whether it is cancelled, or asked to end; false if it is done, a dead letter, or not known
     */
    public boolean cancel() {
        return jobs.again(lease -> {
            Optional<Entry> open = open(lease);
            if (open.isEmpty()) {
                Optional<EndedJob> ended = endOf(lease);
                if (ended.isEmpty() && (endInInbox(lease) || hasCome(lease))) {
                    return Optional.empty(); // look again
                }
                return Optional.of(ended.filter(end -> end.kind() == EndedJob.Kind.CANCELLED).isPresent());
            }
            OpenJob form = Jobs.formOf(open.get());
            if (form.dead()) {
                return Optional.of(false);
            }
            long version = open.get().version();
            // Nobody takes the job between the two reads and the commit: that would give it another version.
            List<Op> ops = Jobs.read(lease, keys().running(key())).isPresent()
                    ? List.of(new Op.Set(keys().open(key()), form.cancelled().encode(), version))
                    : keys().end(
                            key(), form, version, Bytes.EMPTY,
                            form.ended(EndedJob.Kind.CANCELLED, FailedAttempt.NONE, 0, lease.wallMillis(), 0));
            return Jobs.committed(lease, ops) ? Optional.of(true) : Optional.empty();
        });
    }

    /**
     * Lets a job that waits for its time, or for its next attempt, begin now.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @return whether it waits
     */
    public boolean runNow() {
        return jobs.again(lease -> {
            Optional<Entry> open = open(lease);
            if (open.isEmpty() || Jobs.formOf(open.get()).dead()
                    || Jobs.read(lease, keys().running(key())).isPresent()) {
                return Optional.of(false);
            }
            Op set = new Op.Set(
                    keys().open(key()), Jobs.formOf(open.get()).due(lease.wallMillis()).encode(), open.get().version());
            return Jobs.committed(lease, List.of(set)) ? Optional.of(true) : Optional.empty();
        });
    }

    /**
     * Puts a dead letter back into the queue, with all of its attempts before it.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @return whether it was a dead letter
     * @throws IllegalStateException if another job has its unique key by now
     */
    public boolean retry() {
        return jobs.again(lease -> {
            Optional<Entry> open = open(lease);
            if (open.isEmpty() || !Jobs.formOf(open.get()).dead()) {
                return Optional.of(false);
            }
            OpenJob form = Jobs.formOf(open.get());
            List<Op> ops = new ArrayList<>();
            ops.add(new Op.Set(keys().open(key()), form.revived(lease.wallMillis()).encode(), open.get().version()));
            ops.add(new Op.Delete(keys().ended(key()), Op.ANY_VERSION));
            if (!form.key().isEmpty()) {
                ops.add(new Op.Create(keys().unique(form.key()), Bytes.utf8(key()), Lifetime.DURABLE));
            }
            CommitOutcome outcome = lease.groupCommits().commit(ops);
            if (outcome instanceof CommitOutcome.Refused(int index, _) && index == 2) {
                throw new IllegalStateException(
                        "another job of " + jobs.name() + " has the key " + form.key() + " by now");
            }
            return outcome instanceof CommitOutcome.Committed ? Optional.of(true) : Optional.empty();
        });
    }

    /**
     * Takes away a dead letter.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @return whether it was a dead letter
     */
    public boolean discard() {
        return jobs.again(lease -> {
            Optional<Entry> open = open(lease);
            if (open.isEmpty() || !Jobs.formOf(open.get()).dead()) {
                return Optional.of(false);
            }
            List<Op> ops = new ArrayList<>(List.of(
                    new Op.Delete(keys().open(key()), open.get().version()),
                    new Op.Delete(keys().ended(key()), Op.ANY_VERSION),
                    new Op.Delete(keys().record(key()), Op.ANY_VERSION)));
            if (Jobs.formOf(open.get()).stackBytes() > 0) {
                ops.add(new Op.Delete(keys().failure(key()), Op.ANY_VERSION));
            }
            return Jobs.committed(lease, ops) ? Optional.of(true) : Optional.empty();
        });
    }

    // ---- its entries ----

    private JobKeys keys() {
        return jobs.keys();
    }

    /** Its name in them. */
    private String key() {
        return Names.encode(id);
    }

    private Optional<Entry> open(Lease lease) {
        return Jobs.read(lease, keys().open(key()));
    }

    /** Whether this node sees that it is known; it may be also if not. */
    private boolean isSeen(Lease lease) {
        return Stream.of(keys().open(), keys().ended()).anyMatch(
                directory -> lease.seen(directory).filter(picture -> picture.entries().containsKey(key())).isPresent());
    }

    private JobForgottenException forgotten() {
        return new JobForgottenException("there is no " + this + ", or no more");
    }

    /** The last failure with its stack. */
    private FailedAttempt failureOf(Lease lease, OpenJob form) {
        Optional<FailedAttempt> record = form.stackBytes() == 0
                ? Optional.empty()
                : Jobs.read(lease, keys().failure(key())).flatMap(entry -> FailedAttempt.decode(entry.value()));
        return record.filter(full -> full.attempt() == form.failure().attempt())
                .map(full -> form.failure().withStack(full.stack()))
                .orElse(form.failure());
    }

    /** Whether it is somewhere: in the queue, where it may be while it is looked for in the inbox, or there. */
    private boolean isKnown(Lease lease) {
        Key record = keys().record(key());
        return Jobs.read(lease, record).isPresent() || (lease.store().inbox().isPresent()
                && (Jobs.inInbox(lease, jobs.name(), id).isPresent() || Jobs.read(lease, record).isPresent()));
    }

    private Optional<EndedJob> endOf(Lease lease) {
        return Jobs.read(lease, keys().ended(key())).flatMap(entry -> EndedJob.decode(entry.value()));
    }

    /** Whether it has come out of the inbox, or has even ended, since it was looked for in the queue. */
    private boolean hasCome(Lease lease) {
        return lease.store().inbox().isPresent()
                && (open(lease).isPresent() || endOf(lease).isPresent());
    }

    /** Takes its row out of the inbox, as cancelled; false if there is none. */
    private boolean endInInbox(Lease lease) {
        Inbox.Drained gone = lease.store().inbox().map(inbox -> inbox.drain(
                jobs.name(), id, row -> InboxJob.cancel(keys(), row, lease.wallMillis())).join())
                .orElse(Inbox.Drained.NOTHING);
        return gone.moved() + gone.refused() > 0;
    }

    @Override
    public String toString() {
        return "job " + id + " of " + jobs.name();
    }
}
