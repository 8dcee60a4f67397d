package dev.heddle.cluster;

import dev.heddle.ClosedException;
import dev.heddle.Cron;
import dev.heddle.Heddle;
import dev.heddle.cluster.JobQuery.Status;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.internal.Piece;
import dev.heddle.cluster.internal.jobs.BatchTally;
import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.InboxJob;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.JobSchedule;
import dev.heddle.cluster.internal.jobs.JobTerms;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.internal.jobs.QueueRoom;
import dev.heddle.cluster.internal.jobs.WorkerFacts;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Inbox;
import dev.heddle.cluster.store.InboxRow;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartDetail.Holder;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A durable queue of named jobs: any node submits them, any node that handles their name does them, and what one node
 * has begun when it dies another begins again.
 *
 * <pre>{@code
 * Jobs mail = cluster.jobs("mail");
 * try (JobSubscription handling = mail.handle("send", 4, job -> send(job.payload()))) {
 *     Bytes receipt = mail.submit("send", Bytes.utf8("a@example.org")).join();
 * }
 * }</pre>
 *
 * <p>The life of a job:
 *
 * <pre>
 *                        ┌── failed: after a back-off ──────┐
 *                        │   its node lost or closed: now   │
 *                        ▼                                  │
 *   submit ──▶ WAITING ──┴── a node with a free slot ──▶ RUNNING ──▶ DONE ── after a while ──▶ forgotten
 *                 │                                         ├──────▶ CANCELLED ──────────────────▲
 *                 ├── cancel ───────────────────────────────┘                                    │
 *                 └◀── retry ── DEAD ◀── failed too often ──┘                                    │
 *                                 └── discard ───────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>What is promised. A job that was accepted is done <em>at least</em> once, or ends as a dead letter, or is
 * cancelled. Its result is recorded once. While a node lives and hears the store, nobody else takes what it does,
 * however long it takes: a running job belongs to the session of the node, there is no time limit that a slow job
 * could pass. When the session ends, the body is cancelled and the job may begin elsewhere; {@link JobAttempt#attempt}
 * counts that, and {@link JobAttempt#token} lets a resource refuse the late one. Within a priority jobs are begun about
 * in the order in which they were submitted; not exactly so with several nodes.
 *
 * <p>Time. No two machines' clocks are held against each other. A delay is measured by each node that handles jobs of
 * the queue, by its own monotonic clock, from when it has first seen the job: so a job is never early, and is late by
 * up to a minute each time that all nodes which have seen it are lost at once, plus the time in which there was none;
 * nodes that leave in order hand it on. {@link #schedule
 * Schedules} go by the wall clock of one node, the one that leads.
 *
 * <p>The traffic. A job costs three commits, of which many travel together under load. While handlers are short and no
 * other node has a free slot, a node takes jobs before a slot is free, at most as many as begin within a moment; if it
 * is lost then, that counts as an attempt at them. Every node that handles jobs follows all waiting jobs of the queue,
 * and from what it sees works out, by hashes, which of the nodes with a free
 * slot takes which job; so idle nodes do not race for the same one. Two do only when they see different pictures, or
 * when one has not taken what is its own for half a second.
 *
 * <p>Threads: tasks of any loop. Handlers run in tasks of the loop on which the node has joined.
 */
public final class Jobs {

    /** Somebody who waits for room, or an end, looks by himself once in a while, in case that nothing tells him. */
    static final Duration LOOK = Duration.ofSeconds(5);

    /** Of a person who does something. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Most jobs of a page. */
    private static final int MAX_PAGE = 1_000;

    /** Jobs that are changed at a time, by an act on many. */
    private static final int AT_A_TIME = 32;

    private static final PartKind<Jobs> KIND = PartKind.<Jobs, JobsNodeStatistics>of(
            "jobs", Jobs::nodeStatistics, (jobs, now) -> PartKind.share(
                    now.waiting() + now.running() + now.dead(), jobs.options.capacity()))
            .named(Jobs::name)
            .detailed(Jobs::detail)
            .acting(Map.of(
                    "pause", act(Jobs::pause),
                    "resume", act(Jobs::resume),
                    "drain", jobs -> jobs.handlings.values().forEach(JobSubscription::beginDrain),
                    "retry", act(jobs -> jobs.retryAll(JobQuery.ALL))))
            .answering(Jobs::answer)
            .actingOnItems(Map.of(
                    "retry", (jobs, id) -> act((Jobs queue) -> queue.job(id).retry()).accept(jobs),
                    "discard", (jobs, id) -> act((Jobs queue) -> queue.job(id).discard()).accept(jobs),
                    "cancel", (jobs, id) -> act((Jobs queue) -> queue.job(id).cancel()).accept(jobs),
                    "run", (jobs, id) -> act((Jobs queue) -> queue.job(id).runNow()).accept(jobs)));

    private final Node node;
    private final JobKeys keys;
    private final JobsOptions options;
    private final Map<String, JobSubscription> handlings = new ConcurrentHashMap<>();

    /** What the handlers take of what this node tells the others. Guarded by them. */
    private int handlingBytes;
    private final QueueRoom room;

    /** What this node does under its lease; null until it handles something. */
    private volatile @Nullable JobsWorker worker;

    private boolean served;

    /** The last one that was asked for; null before the first. */
    private volatile @Nullable Lease lease;

    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    Jobs(Node node, String name, JobsOptions options) {
        this.node = node;
        this.keys = new JobKeys(name);
        this.options = options;
        this.room = new QueueRoom(options.capacity(), options.maxPayloadBytes());
        node.uses(new Piece(keys.piece(), 0));
        Parts.add(KIND, this);
    }

    /** The name of the queue. */
    public String name() {
        return keys.queue();
    }

    // ---- submitting ----

    /**
     * Submits a job of a name.
     *
     * @see #submit(JobSpec)
     */
    public JobHandle submit(String name, Bytes payload) {
        return submit(JobSpec.of(name, payload));
    }

    /**
     * Submits a job of a kind.
     *
     * @see #submit(JobSpec)
     */
    public <T> JobHandle submit(JobKind<T> kind, T payload) {
        return submit(kind.spec(payload));
    }

    /**
     * Submits a job, waiting while the queue is full, and until a majority of the store's servers has it.
     *
     * <p>Cancellation: a cancelled call may have submitted the job; only {@linkplain JobSpec#withId an id of its
     * own} lets one find out, or submit it again without doubling it.
     *
     * @return the job; one that was there if it has the same id, or has not ended and has the same unique key
     * @throws JobForgottenException if a job that it {@linkplain JobSpec#withAfter waits} for is not known
     * @throws ClosedException if this node leaves the cluster
     */
    public JobHandle submit(JobSpec spec) {
        return submit(spec, true).orElseThrow();
    }

    /**
     * Submits a job if there is room for it.
     *
     * @return empty if the queue is full
     * @see #submit(JobSpec)
     */
    public Optional<JobHandle> submitIfRoom(JobSpec spec) {
        return submit(spec, false);
    }

    /**
     * Submits several jobs in their order, waiting while the queue is full. Those that fit into one commit are submitted
     * together or not at all: that are 20 jobs with less than 400 KiB of payloads. Two operations are for each job, one for
     * a unique key, and one for each job outside the list that it waits for; there is room for 63. More travel in several
     * commits; if the call ends between two of them, the jobs before are submitted, and with ids of their own the list may
     * be submitted again.
     *
     * <p>A job may {@linkplain JobSpec#withAfter wait} for one that comes before it in the list.
     *
     * <p>Cancellation: a cancelled call may have submitted the jobs of the list up to one of them.
     *
     * @return for each what {@link #submit(JobSpec)} gives
     * @throws IllegalArgumentException if two have the same id or unique key, or one waits for another that comes after it;
     *     nothing was submitted
     * @throws JobForgottenException if a job that one of them waits for is not known; those of the commits before are
     *     submitted
     * @throws ClosedException if this node leaves the cluster
     */
    public List<JobHandle> submitAll(List<JobSpec> specs) {
        return Submission.of(keys, specs, this::newId, nowMillis(), options).stream()
                .flatMap(part -> submit(part, true).orElseThrow().stream()).toList();
    }

    private Optional<JobHandle> submit(JobSpec spec, boolean waiting) {
        return submit(Submission.of(keys, List.of(spec), this::newId, nowMillis(), options).getFirst(), waiting)
                .map(List::getFirst);
    }

    private String newId() {
        return '~' + node.lease().uniqueName();
    }

    private long nowMillis() {
        return node.loop().engine().now().toEpochMilli();
    }

    /** Whether a job that is waited for is still on its way into the queue. */
    private boolean comesSoon(Lease lease, Submission jobs) {
        return jobs.awaited().stream().anyMatch(id -> inInbox(lease, name(), id).isPresent());
    }

    private Optional<List<JobHandle>> submit(Submission jobs, boolean waiting) {
        return again(lease -> {
            while (!jobs.isKnown()) {
                if (!reserve(lease, jobs.size(), jobs.bytes(), waiting)) {
                    return Optional.of(Optional.<List<JobHandle>>empty());
                }
                long stamp = -1;
                int count = jobs.size();
                int bytes = jobs.bytes();
                try {
                    List<Op> ops = jobs.ops(key -> read(lease, key));
                    CommitOutcome outcome = ops.isEmpty() ? null : lease.groupCommits().commit(ops);
                    if (outcome instanceof CommitOutcome.Committed committed) {
                        stamp = committed.stamp();
                        jobs.submitted();
                    } else if (outcome instanceof CommitOutcome.Refused refused) {
                        jobs.refused(refused.index(), key -> read(lease, key));
                    }
                } catch (JobForgottenException e) {
                    if (!comesSoon(lease, jobs)) {
                        throw e;
                    }
                    Heddle.sleep(LOOK.dividedBy(50));
                } finally {
                    room.release(stamp, count, bytes);
                }
            }
            return Optional.of(Optional.of(jobs.ids().stream().map(this::job).toList()));
        });
    }

    /**
     * Submits a job within a transaction of the caller's: it is submitted if the transaction commits, and never was if
     * that is rolled back. So what the transaction writes, and the job that belongs to it, are there together or not at
     * all.
     *
     * <pre>{@code
     * insert(order, connection);
     * jobs.submit(connection, JobSpec.of("confirm", Bytes.utf8(order.id())));
     * connection.commit();
     * }</pre>
     *
     * <p>For clusters on a database. The job is a row of its inbox, which the leading node of the queue takes out as soon
     * as there is room; so it does not wait while the queue is full, nor for the store. A delay counts from then. If a job
     * of the same id is known by then, or one of the same unique key has not ended, the row is dropped; of the latter
     * this job's handle knows nothing. Until the transaction commits, the job is unknown.
     *
     * <p>Uses nothing but the connection, and leaves it as it is: its transaction, its savepoints, its settings. Pools and
     * proxies may be in between. If the connection commits by itself, the job is submitted at once.
     *
     * <p>Threads: any. Blocks as JDBC does and heeds no cancel, so call it in {@link Heddle#offload} from a task.
     *
     * @param connection to the database of the cluster
     * @throws UnsupportedOperationException if the cluster is on no database
     * @throws StoreUnavailableException if the database refuses, whose {@link java.sql.SQLException} is the cause; nothing
     *     was submitted
     * @throws ClosedException if this node has left the cluster
     */
    public JobHandle submit(Connection connection, JobSpec spec) {
        return submitAll(connection, List.of(spec)).getFirst();
    }

    /**
     * Submits many jobs within a transaction of the caller's, as {@link #submit(Connection, JobSpec)} does, by few
     * statements: on PostgreSQL by one COPY. A connection that commits by itself submits all of them at once there, and
     * {@value Inbox#MAX_INSERT} at a time on SQLite.
     *
     * @return in the order of the specs
     */
    public List<JobHandle> submitAll(Connection connection, List<JobSpec> specs) {
        Objects.requireNonNull(connection, "connection");
        if (specs.stream().anyMatch(spec -> !spec.after().isEmpty() || !spec.afterBatch().isEmpty())) {
            throw new IllegalArgumentException("a job that waits for others is submitted without a connection, once the"
                    + " transaction that submits those has committed");
        }
        Lease last = node.lastLease();
        Inbox inbox = last.store().inbox().orElseThrow(() -> new UnsupportedOperationException("the cluster "
                + node.cluster() + " is on " + node.engine() + ", which takes part in no transaction of a database:"
                + " take PostgresStore or SqliteStore, or submit without a connection"));
        List<InboxRow> rows = specs.stream().map(spec -> new InboxRow(
                name(), spec.id().isEmpty() ? '~' + last.uniqueName() : spec.id(), spec.name(), spec.payload(),
                spec.priority(), InboxJob.options(spec.terms(0), spec.delay().toMillis()), 0)).toList();
        inbox.put(connection, rows);
        return rows.stream().map(row -> job(row.id())).toList();
    }

    /** The row of a job in the inbox, if it is there. */
    static Optional<InboxRow> inInbox(Lease lease, String queue, String id) {
        return lease.store().inbox().flatMap(inbox -> inbox.find(queue, id).join());
    }

    /** Counts what the leader has taken out of the inbox. */
    void drained(Inbox.Drained rows) {
        dropped.add(rows.refused());
    }

    /** Keeps room for some more. */
    private boolean reserve(Lease lease, int count, int bytes, boolean waiting) {
        DirectoryView view = lease.view(keys.open());
        while (true) {
            Picture picture = view.await(_ -> true);
            if (room.reserve(picture, count, bytes)) {
                return true;
            }
            if (!waiting) {
                return false;
            }
            Heddle.moveOnAfter(LOOK, () -> view.await(next -> next != picture && room.has(next, count, bytes)));
        }
    }

    /** The job of an id, whether there is one or not. */
    public JobHandle job(String id) {
        Names.encode(id);
        return new JobHandle(this, id);
    }

    // ---- the queue ----

    /**
     * Handles the jobs of a name on this node from now on.
     *
     * @see #handle(String, int, JobHandlerOptions, JobHandler)
     */
    public JobSubscription handle(String name, int limit, JobHandler handler) {
        return handle(name, limit, JobHandlerOptions.DEFAULT, handler);
    }

    /**
     * Handles the jobs of a kind on this node from now on.
     *
     * @see #handle(String, int, JobHandlerOptions, JobHandler)
     */
    public <T> JobSubscription handle(JobKind<T> kind, int limit, JobKind.Handler<? super T> handler) {
        return handle(kind, limit, JobHandlerOptions.DEFAULT, handler);
    }

    /**
     * Handles the jobs of a kind on this node from now on. A job whose payload the codec of the kind does not read has
     * failed with a {@link JobUnreadableException}.
     *
     * @see #handle(String, int, JobHandlerOptions, JobHandler)
     */
    public <T> JobSubscription handle(
            JobKind<T> kind, int limit, JobHandlerOptions options, JobKind.Handler<? super T> handler) {
        return handle(kind.name(), limit, options, kind.reading(handler));
    }

    /**
     * Handles the jobs of a name on this node from now on.
     *
     * <p>Threads: the handler runs in tasks of the loop on which the node has joined.
     *
     * @param limit how many of them this node does at a time
     * @throws IllegalStateException if this node handles the name already, or the names that it handles are more than
     *     fit into what it tells the others, 64 KiB: have one handler do them all, and put the rest of the name into
     *     the payload
     */
    public JobSubscription handle(String name, int limit, JobHandlerOptions options, JobHandler handler) {
        Names.encode(name);
        Checks.inRange("limit", limit, 1, 10_000);
        JobSubscription handling = new JobSubscription(this, name, limit, options, handler);
        add(handling);
        onLoop(() -> {
            if (!served) {
                served = true;
                node.serve("the jobs " + name(), this::serve);
            }
            wake();
        });
        return handling;
    }

    private void add(JobSubscription handling) {
        synchronized (handlings) {
            if (handlings.putIfAbsent(handling.name(), handling) != null) {
                throw new IllegalStateException(
                        "this node handles the jobs " + handling.name() + " of " + name() + " already");
            }
            int more = WorkerFacts.bytesOf(handling.name(), handling.limit());
            int bytes = WorkerFacts.bytesOf(node.name()) + handlingBytes + more;
            if (bytes > StoreLimits.MAX_VALUE) {
                handlings.remove(handling.name(), handling);
                throw new IllegalStateException("this node handles jobs of " + handlings.size() + " names of "
                        + name() + ", and one more takes " + bytes + " bytes, more than " + StoreLimits.MAX_VALUE
                        + ": have one handler do them all, and put what tells them apart into the payload");
            }
            handlingBytes += more;
        }
    }

    /**
     * Lets no node begin with a job of this queue, until it is {@linkplain #resume resumed}. What runs goes on.
     *
     * <p>Cancellation: a cancelled call may have done it.
     */
    public void pause() {
        pause(keys.paused());
    }

    /**
     * Lets no node begin with a job of a name, until {@linkplain #resume(String) that is resumed}; as {@link #pause()}
     * otherwise. Nodes with no handler of the name may pause it, too.
     */
    public void pause(String name) {
        pause(keys.paused(name));
    }

    private void pause(Key entry) {
        again(lease -> Optional.of(committed(lease, List.of(new Op.Create(entry, Bytes.EMPTY, Lifetime.DURABLE)))));
    }

    /**
     * Lets the nodes go on; names that are paused by themselves stay so.
     *
     * <p>Cancellation: a cancelled call may have done it.
     */
    public void resume() {
        resume(keys.paused());
    }

    /** Lets the nodes go on with the jobs of a name, unless the queue is paused; as {@link #resume()} otherwise. */
    public void resume(String name) {
        resume(keys.paused(name));
    }

    private void resume(Key entry) {
        again(lease -> Optional.of(committed(lease, List.of(new Op.Delete(entry, Op.ANY_VERSION)))));
    }

    /**
     * Submits a job again and again, at the times of a cron expression.
     *
     * @see #schedule(String, JobTimes, JobSpec)
     */
    public void schedule(String name, Cron cron, JobSpec spec) {
        schedule(name, JobTimes.of(cron), spec);
    }

    /**
     * Submits a job again and again; instead of a schedule of the same name if there is one. A schedule that is said
     * again, as by each node when it starts, is the same schedule: of one that has the same times, no time is left out.
     *
     * <p>The wall clock of one node decides, of those that handle jobs of the queue. Each time comes once, also when
     * another node begins to lead: one whose clock is behind waits until it has caught up, or, if that is more than an
     * hour, goes by its own. Times that have passed while there was no such node come once, together, unless {@link
     * JobTimes#withMaxMissed} says otherwise. While the job of a time has not ended, the next one is left out.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @param spec without an id, key, delay, batch, or jobs to wait for
     * @throws IllegalArgumentException if it has one, or its payload is too large for an entry with the schedule
     */
    public void schedule(String name, JobTimes times, JobSpec spec) {
        if (!spec.id().isEmpty() || !spec.key().isEmpty() || !spec.delay().isZero() || !spec.after().isEmpty()
                || !spec.afterBatch().isEmpty() || !spec.batch().isEmpty()) {
            throw new IllegalArgumentException(
                    "a scheduled job has no id, key, delay or batch, and waits for no other");
        }
        Names.encode('~' + name + '~' + Long.MAX_VALUE); // the ids of its jobs
        JobSchedule schedule = new JobSchedule(
                times.times(), JobSchedule.NEW, 0, spec.terms(), spec.payload());
        int bytes = schedule.upTo(Long.MAX_VALUE).submitted(Long.MAX_VALUE).encode().length();
        if (bytes > StoreLimits.MAX_VALUE) {
            throw new IllegalArgumentException("the schedule " + name + " takes " + bytes
                    + " bytes with its payload, more"
                    + " than " + StoreLimits.MAX_VALUE + ": put the payload elsewhere and schedule where it is");
        }
        Key key = new Key(keys.schedules(), Names.encode(name));
        again(lease -> {
            Optional<Entry> entry = read(lease, key);
            if (entry.isEmpty()) {
                Op create = new Op.Create(key, schedule.encode(), Lifetime.DURABLE);
                return committed(lease, List.of(create)) ? Optional.of(true) : Optional.empty();
            }
            Bytes old = entry.get().value();
            Bytes form = schedule.following(JobSchedule.decode(old)).encode();
            Op op = new Op.Set(key, form, entry.get().version());
            return form.equals(old) || committed(lease, List.of(op)) ? Optional.of(true) : Optional.empty();
        });
    }

    /**
     * Ends a schedule. What it has submitted stays.
     *
     * <p>Cancellation: a cancelled call may have done it.
     *
     * @return whether there was one
     */
    public boolean unschedule(String name) {
        Key key = new Key(keys.schedules(), Names.encode(name));
        return again(lease -> Optional.of(committed(lease, List.of(new Op.Delete(key, Op.ANY_VERSION)))));
    }

    /**
     * The schedules of now, by name. Reads all of them.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public List<JobScheduleSnapshot> schedules() {
        return again(lease -> {
            List<JobScheduleSnapshot> schedules = new ArrayList<>();
            for (Entry entry : lease.store().list(keys.schedules(), ReadConsistency.FRESH).join().entries()) {
                JobSchedule.decode(entry.value()).ifPresent(
                        schedule -> schedules.add(JobSnapshots.of(this, Names.decode(entry.key().name()), schedule)));
            }
            schedules.sort(Comparator.comparing(JobScheduleSnapshot::name));
            return Optional.of(List.copyOf(schedules));
        });
    }

    /**
     * Submits the job of a schedule now, beside its times.
     *
     * <p>Cancellation: a cancelled call may have submitted it.
     *
     * @return the job; that of one of its times if that has not ended
     * @throws IllegalArgumentException if there is no such schedule
     */
    public JobHandle submitScheduled(String name) {
        Key key = new Key(keys.schedules(), Names.encode(name));
        JobSchedule schedule = again(lease -> Optional.of(read(lease, key)
                .flatMap(entry -> JobSchedule.decode(entry.value()))
                .orElseThrow(() -> new IllegalArgumentException("there is no schedule " + name + " of " + name()))));
        JobTerms terms = schedule.terms().submitted("~" + name, nowMillis());
        return submit(Submission.of(keys, newId(), terms, schedule.payload()), true).orElseThrow().getFirst();
    }

    /** The dead letters of now. Reads all jobs that have not ended; a cancelled call leaves nothing behind. */
    public List<JobHandle> deadLetters() {
        return again(
                lease -> Optional.of(lease.store().list(keys.open(), ReadConsistency.FRESH).join().entries().stream()
                        .filter(entry -> OpenJob.decode(entry.value()).map(OpenJob::dead).orElse(false))
                        .map(entry -> job(Names.decode(entry.key().name())))
                        .toList()));
    }

    /**
     * The jobs that are known now: those that have not ended in the order in which they were submitted, then those that
     * have, the newest first. Reads all of them.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public List<JobSnapshot> list() {
        return again(lease -> Optional.of(
                JobSearch.all(lease, keys, JobQuery.ALL).stream().map(JobSearch.Found::job).toList()));
    }

    /**
     * The first page of the jobs that fit a filter.
     *
     * @see #list(JobQuery, int, String)
     */
    public JobPage list(JobQuery filter, int limit) {
        return list(filter, limit, "");
    }

    /**
     * A page of the jobs that fit a filter. It is of one moment, the next one of another: a job that ends in between may
     * be on both, and none that does not end is left out.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     *
     * @param limit most jobs of a page, 1 to 1,000
     * @param after what the page before has as {@link JobPage#next}; empty for the first
     * @throws IllegalArgumentException if no page has that
     */
    public JobPage list(JobQuery filter, int limit, String after) {
        Checks.inRange("limit", limit, 1, MAX_PAGE);
        return again(lease -> Optional.of(JobSearch.page(JobSearch.all(lease, keys, filter), limit, after)));
    }

    /**
     * Puts back all dead letters that fit a filter.
     *
     * @return how many; one whose unique key another has by now stays dead
     * @see JobHandle#retry
     */
    public int retryAll(JobQuery filter) {
        return each(filter, Status.DEAD, job -> {
            try {
                return job.retry();
            } catch (IllegalStateException _) {
                return false;
            }
        });
    }

    /**
     * The numbers of a batch. Reads all jobs that are known.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public JobBatch batch(String batch) {
        Key key = keys.batch(batch);
        return again(lease -> {
            Optional<Entry> before = read(lease, key);
            BatchTally tally = before.flatMap(entry -> BatchTally.decode(entry.value())).orElse(BatchTally.NONE);
            int open = 0;
            int dead = 0;
            // A job that ends between the two readings is counted twice, unless it is known which those were.
            Set<String> alive = new HashSet<>();
            for (Entry entry : JobSearch.fresh(lease, keys.open())) {
                Optional<OpenJob> form = OpenJob.decode(entry.value()).filter(job -> job.terms().batch().equals(batch));
                if (form.isPresent()) {
                    alive.add(entry.key().name());
                    dead += form.get().dead() ? 1 : 0;
                    open += form.get().dead() ? 0 : 1;
                }
            }
            for (Entry entry : JobSearch.fresh(lease, keys.ended())) {
                Optional<EndedJob> end = EndedJob.decode(entry.value()).filter(job -> job.batch().equals(batch));
                if (end.isPresent() && end.get().kind() != EndedJob.Kind.DEAD) {
                    tally = tally.with(end.get().kind());
                    open -= alive.contains(entry.key().name()) ? 1 : 0;
                }
            }
            return read(lease, key).equals(before)
                    ? Optional.of(new JobFigures.Batch(open, dead, tally.done(), tally.cancelled()))
                    : Optional.empty();
        });
    }

    /**
     * Takes away all dead letters that fit a filter.
     *
     * @return how many
     * @see JobHandle#discard
     */
    public int discardAll(JobQuery filter) {
        return each(filter, Status.DEAD, JobHandle::discard);
    }

    /**
     * Cancels all jobs that fit a filter and have not ended.
     *
     * @return how many
     * @see JobHandle#cancel
     */
    public int cancelAll(JobQuery filter) {
        return each(filter, Status.WAITING, JobHandle::cancel) + each(filter, Status.RUNNING, JobHandle::cancel);
    }

    /**
     * Lets all jobs that fit a filter and wait for their time begin now.
     *
     * @return how many
     * @see JobHandle#runNow
     */
    public int runAllNow(JobQuery filter) {
        return each(filter, Status.WAITING, JobHandle::runNow);
    }

    /** Does it some at a time, so that many share a commit; a cancelled call may have done it with some. */
    private int each(JobQuery filter, Status status, Predicate<JobHandle> what) {
        if (!filter.wants(status)) {
            return 0;
        }
        List<JobSearch.Found> found = again(
                lease -> Optional.of(JobSearch.all(lease, keys, filter.within(status))));
        return (int) Heddle.map(found, AT_A_TIME, each -> what.test(job(each.job().id()))).stream()
                .filter(done -> done).count();
    }

    /**
     * The numbers of the queue by the kinds of its jobs, of which some job is known or some node handles them. The first
     * call on a node waits until it has heard of them.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public List<JobKindStatistics> kinds() {
        return again(lease -> Optional.of(JobFigures.ofKinds(
                keys, directory -> lease.view(directory).await(_ -> true).entries(), lease.wallMillis())));
    }

    /**
     * The numbers of the queue. The first call on a node waits until it has heard of them.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     */
    public JobsStatistics statistics() {
        return again(lease -> Optional.of(
                JobFigures.of(keys, directory -> lease.view(directory).await(_ -> true).entries(), nowMillis())));
    }

    /**
     * The numbers of the queue, as far as this node follows it, and of what it has done itself; does not ask the store.
     * A node that handles jobs follows those that have not ended; one that only submits sees them all as waiting, and
     * one that has not yet, none.
     */
    public JobsNodeStatistics nodeStatistics() {
        JobsStatistics seen = JobFigures.of(keys, this::seen, nowMillis());
        int here = handlings.values().stream().mapToInt(JobSubscription::running).sum();
        int limit = handlings.values().stream().mapToInt(JobSubscription::limit).sum();
        int backlog = seen.running() + (seen.isPaused() ? 0 : seen.ready());
        return new JobFigures.NodeStatistics(
                seen.waiting(), seen.ready(), seen.running(), seen.dead(), seen.ended(),
                seconds(seen.oldestWaiting()), seconds(seen.longestRunning()), seen.unhandled().size(),
                seen.isPaused(), seen.slots(), backlog, (double) backlog / Math.max(1, seen.slots()), limit, here,
                done.sum(), failed.sum(), dropped.sum());
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /** What a person does, who waits for the store but not for long. */
    private static Consumer<Jobs> act(Consumer<? super Jobs> what) {
        return jobs -> jobs.node.call(() -> {
            if (!Heddle.moveOnAfter(PATIENCE, () -> what.accept(jobs))) {
                throw new StoreUnavailableException("the store is silent; it may be done yet");
            }
            return true;
        });
    }

    /** What a person asks about it: its kinds, a job, or a page of jobs. */
    private List<Map<String, Object>> answer(Map<String, String> question) {
        return node.call(() -> {
            List<Map<String, Object>> lines = new ArrayList<>();
            if (!Heddle.moveOnAfter(PATIENCE, () -> {
                lines.addAll(JobAnswer.of(this, question));
            })) {
                throw new StoreUnavailableException("the store is silent");
            }
            return lines;
        });
    }

    /** What this node does of it, and which jobs have a place until a person looks after them. */
    private PartDetail detail() {
        Stream<Holder> running = handlings.values().stream().flatMap(JobSubscription::holders);
        Stream<Holder> dead = seen(keys.open()).values().stream().flatMap(entry -> OpenJob.decode(entry.value())
                .filter(OpenJob::dead).map(job -> deadLetter(Names.decode(entry.key().name()), job)).stream());
        return new PartDetail(Stream.concat(running, dead).limit(PartDetail.MAX_HOLDERS).toList(), -1);
    }

    private static Holder deadLetter(String id, OpenJob job) {
        String reason = job.failure().text().lines().findFirst().orElse("");
        return new Holder("dead letter " + job.name() + " " + id + ": " + reason, 0, -1, null);
    }

    /** The entries of a directory, as far as this node follows it. */
    private Map<String, Entry> seen(String directory) {
        return Optional.ofNullable(lease).flatMap(one -> one.seen(directory))
                .<Map<String, Entry>>map(Picture::entries).orElse(Map.of());
    }

    /** A handler of this node has ended well, or not. */
    void count(boolean well) {
        (well ? done : failed).increment();
    }

    @Override
    public String toString() {
        return "jobs " + name() + " of " + node.cluster();
    }

    // ---- for those who work for it ----

    JobKeys keys() {
        return keys;
    }

    JobsOptions options() {
        return options;
    }

    QueueRoom room() {
        return room;
    }

    /** What this node handles, by name. */
    Map<String, JobSubscription> handlings() {
        return handlings;
    }

    /** A handling is over, and its name free for another. */
    void ended(JobSubscription handling) {
        synchronized (handlings) {
            if (handlings.remove(handling.name(), handling)) {
                handlingBytes -= WorkerFacts.bytesOf(handling.name(), handling.limit());
            }
        }
        wake();
    }

    /** Runs something on the loop of the node. */
    void onLoop(Runnable action) {
        node.loop().callFromThread(action);
    }

    /** Lets the node look around; on its loop. */
    private void wake() {
        JobsWorker now = worker;
        if (now != null) {
            now.wake();
        }
    }

    private void serve() {
        try {
            while (true) {
                Lease now = node.lease();
                lease = now;
                JobsWorker next = new JobsWorker(this, now, node.name(), worker);
                worker = next;
                now.serve("the jobs " + name() + " under a lease", next::work);
                now.over().join();
            }
        } catch (ClosedException _) {
            worker = null; // the node has left
        }
    }

    /**
     * Tries under one lease after another, also when a commit's outcome is unknown: each attempt looks first, or does
     * nothing twice.
     */
    <T> T again(Node.Attempt<T> attempt) {
        for (int tries = 1;; tries++) {
            Lease now = node.lease();
            lease = now;
            try {
                Optional<T> result = attempt.under(now);
                if (result.isPresent()) {
                    return result.get();
                }
            } catch (SessionLostException | StoreUnavailableException | OutcomeUnknownException _) {
                Heddle.sleep(now.backoff().delay(tries));
            }
        }
    }

    static Optional<Entry> read(Lease lease, Key key) {
        return lease.store().read(key, ReadConsistency.FRESH).join();
    }

    static boolean committed(Lease lease, List<Op> ops) {
        return lease.groupCommits().commit(ops) instanceof CommitOutcome.Committed;
    }

    static OpenJob formOf(Entry open) {
        return OpenJob.decode(open.value())
                .orElseThrow(() -> Forms.unreadable(open));
    }
}
