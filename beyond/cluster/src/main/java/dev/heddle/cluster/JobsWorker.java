package dev.heddle.cluster;

import dev.heddle.Backoff;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.ImmutableTree;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.FailedAttempt;
import dev.heddle.cluster.internal.jobs.FreeSlots;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.JobPermits;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.internal.jobs.OpenJobs;
import dev.heddle.cluster.internal.jobs.OpenJobs.Seen;
import dev.heddle.cluster.internal.jobs.ReadyJobs;
import dev.heddle.cluster.internal.jobs.RunningJob;
import dev.heddle.cluster.internal.jobs.WorkerFacts;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Durations;
import dev.heddle.internal.ReportLog;
import dev.heddle.internal.Supervised;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Events;
import dev.heddle.sync.Channel;
import dev.heddle.trace.TraceContext;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The worker of a node for a queue under one lease: it takes jobs for which it has a handler and a free slot, runs
 * them, and tells how they ended; if it leads, it also does the {@linkplain JobsLeader chores}.
 *
 * <p>One task looks around whenever something has changed; each job runs in a task of its own beside it.
 *
 * <p>Threads: the loop of the node; {@link #wake} any.
 */
final class JobsWorker {

    /** For how long a job is left to the node that comes first for it, then also to the next one, and so on. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** How long a job is left alone while the pictures of its entries need not be of one time. */
    private static final Duration SETTLE = Duration.ofMillis(50);

    private static final Duration LONG = Duration.ofHours(1);

    /** Failed attempts, which users cause as often as they like. */
    private static final BoundedLog LOG = new BoundedLog(new ReportLog("dev.heddle.cluster", Jobs.class));

    private final Jobs jobs;
    private final JobKeys keys;
    private final Lease lease;
    private final String nodeName;
    private final Key workerKey;
    private final DirectoryView open;
    private final DirectoryView running;
    private final DirectoryView workers;
    private final DirectoryView control;
    private final Channel<Boolean> wakes = Channel.of(1);
    private final @Nullable DirectoryView turns;
    private final JobPermits permits;
    private final OpenJobs openJobs;
    private final JobsLeader leader;
    private final @Nullable JobsInbox inbox;
    private final Map<String, Attempt> mine = new HashMap<>();

    private @Nullable Picture workersSeen;

    /** Whether this one is the first of the workers. */
    private boolean leads;

    private Picture runningSeen = Picture.NONE;

    /** How many jobs of a name each worker runs, as far as one can see. */
    private final Map<String, Integer> busy = new HashMap<>();
    /** How many jobs of a group run. */
    private final Map<String, Integer> groups = new HashMap<>();
    private Map<String, WorkerFacts> facts = Map.of();

    /** What stands in this node's entry among the workers; null if there is none. */
    private @Nullable WorkerFacts registered;

    private boolean registering;
    private final Supervised service;

    /** @param before the one under the lease before; null if there was none */
    JobsWorker(Jobs jobs, Lease lease, String nodeName, @Nullable JobsWorker before) {
        this.jobs = jobs;
        this.keys = jobs.keys();
        this.lease = lease;
        this.nodeName = nodeName;
        this.workerKey = new Key(keys.workers(), lease.uniqueName());
        this.open = lease.view(keys.open());
        this.running = lease.view(keys.running());
        this.workers = lease.view(keys.workers());
        this.control = lease.view(keys.control());
        this.openJobs = new OpenJobs(lease.loop(), lease::skip, before == null ? null : before.openJobs);
        JobsOptions options = jobs.options();
        boolean rates = Stream.concat(options.limits().values().stream(), Stream.of(options.groupLimit()))
                .anyMatch(limit -> limit.begun() > 0);
        this.turns = rates ? lease.view(keys.turns()) : null;
        Map<String, JobPermits.Limit> limits = new HashMap<>();
        options.limits().forEach((name, limit) -> limits.put(name, limit(limit)));
        this.permits = new JobPermits(lease.loop(), keys, name -> limits.getOrDefault(name, JobPermits.Limit.NONE),
                limit(options.groupLimit()), before == null ? null : before.permits);
        this.service = lease.supervised("the jobs " + jobs.name());
        this.leader = new JobsLeader(jobs, lease, openJobs, service);
        this.inbox = lease.store().inbox().map(each -> new JobsInbox(jobs, lease, each)).orElse(null);
        for (DirectoryView view : List.of(open, running, workers, control)) {
            view.onPicture(_ -> wake());
        }
        leader.onNews(this::wake);
        if (turns != null) {
            turns.onPicture(_ -> wake());
        }
    }

    private static JobPermits.Limit limit(JobLimit limit) {
        return limit.running() == 0 && limit.begun() == 0
                ? JobPermits.Limit.NONE
                : new JobPermits.Limit(limit.running(), limit.begun(), limit.window());
    }

    /** A job that this node has taken, or is about to. */
    private static final class Attempt {

        private final Seen job;
        private final JobSubscription handling;
        private final JobPermits.Claim claim;
        private @Nullable Task<Void> task;

        /** Whether the job was cancelled, and not only its task. */
        private boolean cancelled;

        /** What the handler has said last, on whatever thread. */
        private volatile Bytes progress = Bytes.EMPTY;

        /** What of it is written down, or about to be. */
        private Bytes told = Bytes.EMPTY;

        /** Whether the loop looks at it soon; any thread. */
        private final AtomicBoolean called = new AtomicBoolean();

        /** How long the handler took. */
        private long nanos;

        private boolean telling;
        private boolean over;
        private final long begunAt;

        private Attempt(Seen job, JobSubscription handling, JobPermits.Claim claim, long begunAt) {
            this.claim = claim;
            this.job = job;
            this.handling = handling;
            this.begunAt = begunAt;
        }
    }

    /** Lets it look around. */
    void wake() {
        wakes.trySend(true);
    }

    /** Works until the lease is over. */
    void work() {
        try {
            Heddle.group(group -> {
                while (true) {
                    wakes.receiveWithin(tryToLookAround(group));
                }
            });
        } finally {
            if (leads) {
                leader.leave();
            }
        }
    }

    /** What fails here has nothing to do with the jobs that run, which a failure of the group would give back. */
    private Duration tryToLookAround(TaskGroup group) {
        try {
            return lookAround(group);
        } catch (RuntimeException | Error e) {
            return service.failed(e);
        }
    }

    /** Does what can be done now, and says after how long something may be due. */
    private Duration lookAround(TaskGroup group) {
        Optional<Picture> openNow = open.picture();
        Optional<Picture> runningNow = running.picture();
        Optional<Picture> workersNow = workers.picture();
        Optional<Picture> controlNow = control.picture();
        if (openNow.isEmpty() || runningNow.isEmpty() || workersNow.isEmpty() || controlNow.isEmpty()) {
            return LONG;
        }
        if (turns != null) {
            turns.picture().ifPresent(permits::look);
        }
        openJobs.look(openNow.get());
        passCancelsOn();
        register(group);
        readWorkers(workersNow.get());
        readRunning(runningNow.get());
        Duration next = LONG;
        if (leads) {
            next = lead(group, runningNow.get());
            leader.forgetTurns(group, permits);
            if (inbox != null) {
                inbox.lead(group, () -> leads);
            }
        }
        boolean paused = controlNow.get().entries().containsKey(keys.paused().name());
        if (!paused && lease.isTrusted()) {
            next = min(next, take(group, runningNow.get(), JobKeys.pausedNames(controlNow.get().entries().keySet())));
        }
        return min(next, openJobs.untilNext());
    }

    private Duration lead(TaskGroup group, Picture runningNow) {
        try {
            return leader.lookAround(group, runningNow);
        } catch (RuntimeException | Error e) {
            return service.failed("leading the jobs " + jobs.name(), e);
        }
    }

    private void passCancelsOn() {
        for (Seen job : openJobs.cancelling()) {
            Attempt attempt = mine.get(job.id());
            Task<Void> task = attempt == null ? null : attempt.task;
            if (attempt != null && task != null && !attempt.cancelled) {
                attempt.cancelled = true;
                task.cancel("the job was cancelled");
            }
        }
    }

    // ---- among the workers ----

    private void register(TaskGroup group) {
        Map<String, Integer> limits = new TreeMap<>();
        for (JobSubscription handling : jobs.handlings().values()) {
            if (handling.isTaking()) {
                limits.put(handling.name(), handling.limit());
            }
        }
        WorkerFacts wanted = limits.isEmpty() ? null : new WorkerFacts(nodeName, limits);
        WorkerFacts old = registered;
        if (registering || (wanted == null ? old == null : wanted.equals(old))) {
            return;
        }
        Op op;
        if (wanted == null) {
            op = new Op.Delete(workerKey, Op.ANY_VERSION);
        } else if (old == null) {
            op = new Op.Create(workerKey, wanted.encode(), Lifetime.EPHEMERAL);
        } else {
            op = new Op.Set(workerKey, wanted.encode(), Op.ANY_VERSION);
        }
        registering = true;
        group.spawn("telling what this node handles", () -> {
            try {
                boolean told = lease.groupCommits().commitInAnyCase(List.of(op)) instanceof CommitOutcome.Committed;
                // Otherwise the entry is there, or is not, against what was believed, as behind an unknown outcome.
                registered = told ? wanted : old == null ? new WorkerFacts(nodeName, Map.of()) : null;
            } catch (RuntimeException | Error e) {
                Heddle.sleep(service.failed("telling which jobs of " + jobs.name() + " this node handles", e));
            } finally {
                registering = false;
                wake();
            }
        });
    }

    private void readWorkers(Picture picture) {
        if (picture == workersSeen) {
            return;
        }
        workersSeen = picture;
        Map<String, WorkerFacts> read = new HashMap<>();
        long earliest = Long.MAX_VALUE;
        for (Entry entry : picture.entries().values()) {
            Optional<WorkerFacts> worker = WorkerFacts.decode(entry.value());
            if (worker.isEmpty()) {
                lease.skip(entry.key());
                continue;
            }
            read.put(entry.key().name(), worker.get());
            earliest = Math.min(earliest, entry.created());
        }
        facts = read;
        // The first of the workers leads; two may think so for a moment, which does no harm.
        Entry own = picture.entries().get(workerKey.name());
        leads = own != null && own.created() == earliest;
    }

    private void readRunning(Picture picture) {
        ImmutableTree<Entry> before = runningSeen.entries();
        runningSeen = picture;
        picture.entries().changesSince(before, gone -> count(gone, -1), entry -> {
            Entry old = before.get(entry.key().name());
            if (old != null) {
                count(old, -1);
            }
            count(entry, 1);
        });
    }

    private void count(Entry running, int change) {
        RunningJob.decode(running.value()).ifPresentOrElse(job -> {
            permits.count(job, change);
            groups.merge(job.group(), change, Integer::sum);
            groups.remove(job.group(), 0);
            String whose = job.worker() + ' ' + job.name();
            int count = busy.getOrDefault(whose, 0) + change;
            if (count == 0) {
                busy.remove(whose);
            } else {
                busy.put(whose, count);
            }
        }, () -> lease.skip(running.key()));
    }

    // ---- taking ----

    /** @param paused names of jobs that nobody begins */
    private Duration take(TaskGroup group, Picture runningNow, Set<String> paused) {
        if (openJobs.ready().isEmpty()) {
            return LONG;
        }
        FreeSlots slots = new FreeSlots();
        addOthers(slots);
        int free = ownSlots(slots);
        if (free == 0) {
            return LONG;
        }
        long now = lease.loop().nanoTime();
        Duration next = LONG;
        permits.begin();
        ReadyJobs.Walk walk = openJobs.ready().walk(groupsNow(runningNow));
        for (Seen job = walk.next(); job != null && free > 0; job = walk.next()) {
            String name = job.form().name();
            if (runningNow.entries().containsKey(job.id()) || mine.containsKey(job.id())) {
                job.waitFor(SETTLE); // when it is over we may see the running entry gone before the other
                continue;
            }
            if (job.form().isSpent() || job.isExpired() || paused.contains(name)) {
                continue;
            }
            if (job.form().attempts() > 0 && runningNow.stamp() < job.changed()) {
                job.waitUntil(job.seenAt() + SETTLE.toNanos()); // we may not have seen yet who has begun with it
            }
            if (!slots.has(name)) {
                walk.leave();
                continue;
            }
            Duration limited = permits.untilFree(job.form().terms());
            if (!limited.isZero()) {
                next = min(next, limited);
                walk.leaveFull(now);
                continue;
            }
            if (!slots.has(workerKey.name(), name)) {
                leaveToFirst(job, slots, walk);
                continue;
            }
            if (permits.isLimited(job.form().terms()) && isFull(name)) {
                walk.leave(); // it is not taken ahead
                continue;
            }
            long waited = now - Math.max(job.readyAt(), walk.fullAt());
            if (job.retryAt() > now) {
                next = min(next, Duration.ofNanos(job.retryAt() - now));
            } else if (slots.rank(workerKey.name(), name, job.id()) <= waited / GRACE.toNanos()) {
                if (!mayBegin(job)) {
                    free -= slots.takeAll(workerKey.name(), name);
                    continue;
                }
                Optional<JobPermits.Claim> claim = permits.claim(job.form().terms(), job.id());
                if (claim.isPresent()) {
                    slots.take(workerKey.name(), name);
                    free--;
                    walk.taken();
                    begin(group, job, claim.get());
                }
            } else {
                leaveToFirst(job, slots, walk);
                next = min(next, GRACE);
            }
        }
        return next;
    }

    private void leaveToFirst(Seen job, FreeSlots slots, ReadyJobs.Walk walk) {
        slots.takeFirst(job.form().name(), job.id());
        permits.guess(job.form().terms());
        walk.taken();
    }

    /** How many jobs of each group run, those among them that this node is about to begin. */
    private Map<String, Integer> groupsNow(Picture runningNow) {
        Map<String, Integer> now = new HashMap<>(groups);
        for (Attempt attempt : mine.values()) {
            if (!runningNow.entries().containsKey(attempt.job.id())) {
                now.merge(attempt.job.form().terms().group(), 1, Integer::sum);
            }
        }
        return now;
    }

    private boolean isFull(String name) {
        JobSubscription handling = jobs.handlings().get(name);
        return handling != null && handling.running() >= handling.limit();
    }

    /**
     * Whether a slot is free for a job, or it may be taken before one is. Jobs that were lost with a node are begun one
     * by one: so those that are at hand when a node is lost are not counted as lost with it again.
     */
    private boolean mayBegin(Seen job) {
        return !isFull(job.form().name())
                || (job.form().attempts() == 0 && job.form().terms().maxAttempts() > 1 && !job.form().hasDeadline());
    }

    private int ownSlots(FreeSlots slots) {
        int free = 0;
        for (JobSubscription handling : jobs.handlings().values()) {
            if (handling.isTaking()) {
                // Where another node has a slot free, a job does not wait for one here.
                int ahead = slots.has(handling.name()) ? 0 : handling.slots().ahead();
                int left = handling.limit() + ahead - handling.running();
                slots.add(workerKey.name(), handling.name(), left);
                free += Math.max(0, left);
            }
        }
        return free;
    }

    /** The slots of the other workers, as far as one can see. */
    private void addOthers(FreeSlots slots) {
        facts.forEach((worker, what) -> {
            if (!worker.equals(workerKey.name())) {
                what.limits().forEach(
                        (name, limit) -> slots.add(worker, name, limit - busy.getOrDefault(worker + ' ' + name, 0)));
            }
        });
    }

    private void begin(TaskGroup group, Seen job, JobPermits.Claim claim) {
        JobSubscription handling = jobs.handlings().get(job.form().name());
        if (handling == null) {
            permits.release(claim);
            return;
        }
        Attempt attempt = new Attempt(job, handling, claim, lease.wallMillis());
        mine.put(job.id(), attempt);
        Task<Void> task = group.spawn("job " + job.form().name() + ' ' + job.id(), () -> {
            try {
                run(attempt);
            } catch (CancelledException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                abandon(attempt, e);
            } finally {
                attempt.over = true;
                mine.remove(job.id());
                permits.release(claim);
                handling.end(job.id());
                wake();
            }
        });
        attempt.task = task;
        handling.begin(job.id(), task);
    }

    // ---- running ----

    private void run(Attempt attempt) {
        Seen job = attempt.job;
        OpenJob begun = job.now().begun();
        List<Op> begin = new ArrayList<>(attempt.claim.take());
        begin.add(new Op.Create(keys.running(job.id()), runningForm(attempt), Lifetime.EPHEMERAL));
        begin.add(new Op.Set(keys.open(job.id()), begun.encode(), job.version()));
        CommitOutcome outcome = lease.groupCommits().commitInAnyCase(begin);
        if (!(outcome instanceof CommitOutcome.Committed(long stamp))) {
            job.waitFor(SETTLE);
            return;
        }
        permits.begun(attempt.claim, stamp);
        List<Op> end = permits.giveBack(attempt.claim);
        end.add(new Op.Delete(keys.running(job.id()), Op.ANY_VERSION));
        end.addAll(perform(attempt, begun, stamp));
        CommitOutcome ended = lease.groupCommits().commitInAnyCase(end);
        if (ended instanceof CommitOutcome.Refused
                // Only who cancels the job writes to its entry while it runs.
                && lease.groupCommits().commitInAnyCase(
                        endAsCancelled(attempt, begun)) instanceof CommitOutcome.Refused(int index, Refusal reason)) {
            throw new IllegalStateException(
                    "the store refuses the end of the job, operation " + index + ": " + reason);
        }
    }

    /** How an attempt ended cannot be written down: it counts as lost, as one whose node was. */
    private void abandon(Attempt attempt, Throwable failure) {
        String what = "writing the end of the job " + Names.decode(attempt.job.id()) + " of " + jobs.name();
        if (!isCancelled()) {
            service.failed(what, failure);
        }
        try {
            List<Op> end = permits.giveBack(attempt.claim);
            end.add(new Op.Delete(keys.running(attempt.job.id()), Op.ANY_VERSION));
            lease.groupCommits().commitInAnyCase(end);
        } catch (RuntimeException | Error e) {
            lease.end(Throwables.text(what + " failed", e)); // the entry goes with it
        }
    }

    /** Runs the handler, and gives the changes that tell how that ended. */
    private List<Op> perform(Attempt attempt, OpenJob begun, long stamp) {
        String id = attempt.job.id();
        long version = attempt.job.version() + 1;
        Outcome outcome = call(attempt, begun, stamp);
        if (outcome instanceof Outcome.NotBegun || (!(outcome instanceof Outcome.Done) && isCancelled())) {
            return attempt.cancelled
                    ? keys.end(id, begun, Op.ANY_VERSION, Bytes.EMPTY,
                            ended(EndedJob.Kind.CANCELLED, FailedAttempt.NONE, attempt, begun, 0))
                    : List.of(new Op.Set(keys.open(id), left(attempt, begun).givenBack().encode(), version));
        }
        count(attempt, outcome instanceof Outcome.Done);
        return switch (outcome) {
            case Outcome.Done(Bytes result) ->
                keys.end(id, begun, Op.ANY_VERSION, result,
                        ended(EndedJob.Kind.DONE, FailedAttempt.NONE, attempt, begun, result.length()));
            case Outcome.Failed(Throwable failure) -> failed(attempt, begun, version, failure);
            case Outcome.NotBegun() -> List.of();
        };
    }

    private void count(Attempt attempt, boolean well) {
        jobs.count(well);
        Events heard = Events.heard();
        if (heard != null) {
            long ready = attempt.job.form().readyAt();
            long waitedMillis = ready == 0 ? 0 : Math.max(0, attempt.begunAt - ready);
            heard.attempted(jobs.name(), attempt.job.form().name(), well ? "done" : "failed",
                    Duration.ofMillis(waitedMillis).toNanos(), attempt.nanos);
        }
    }

    private EndedJob ended(
            EndedJob.Kind kind, FailedAttempt failure, Attempt attempt, OpenJob begun, int resultBytes) {
        return begun.ended(kind, failure, attempt.begunAt, lease.wallMillis(), resultBytes);
    }

    /** What becomes of a job whose attempt has failed, which is told. */
    private List<Op> failed(Attempt attempt, OpenJob begun, long version, Throwable failure) {
        String id = attempt.job.id();
        long now = lease.wallMillis();
        FailedAttempt failed = FailedAttempt.of(failure, begun.attempts(), nodeName, now);
        OpenJob job = left(attempt, begun);
        String what = "attempt " + begun.attempts() + " of the job " + begun.name() + ' ' + Names.decode(id) + " of "
                + jobs.name() + " has failed";
        Optional<Duration> delay = nextDelay(attempt, job, failure);
        boolean late = job.hasDeadline()
                && job.leftMillis() <= delay.orElse(Duration.ZERO).toMillis();
        if (delay.isPresent() && !late) {
            tell(what + ", and it is tried again in " + Durations.words(delay.get()), failure);
            return keys.fail(id, job, version, failed, delay.get().toMillis(), now);
        }
        FailedAttempt last = late ? failed.expiring(job) : failed;
        tell(what + (late ? " when its deadline leaves no time for another" : "") + ", and it is a dead letter",
                failure);
        return keys.bury(id, job, version, last, ended(EndedJob.Kind.DEAD, last, attempt, begun, 0));
    }

    /** How long a job waits after a failure; empty if it is not tried again. */
    private Optional<Duration> nextDelay(Attempt attempt, OpenJob job, Throwable failure) {
        if (job.isSpent() || FailedAttempt.find(JobNotRetriedException.class, failure).isPresent()) {
            return Optional.empty();
        }
        Backoff usual = job.terms().backoff() == null ? jobs.options().backoff() : job.terms().backoff();
        boolean unreadable = FailedAttempt.find(JobUnreadableException.class, failure).isPresent();
        return FailedAttempt.find(JobRetryException.class, failure).map(JobRetryException::delay)
                .or(() -> attempt.handling.options().delay(failure, job.failures(), unreadable ? null : usual));
    }

    /** A job that has been begun, with as much of its deadline as is left. */
    private static OpenJob left(Attempt attempt, OpenJob begun) {
        return begun.left(0, attempt.job.now().leftMillis());
    }

    private static void tell(String what, Throwable failure) {
        try {
            LOG.log(Level.WARNING, what, failure);
        } catch (RuntimeException | Error e) { // as of an exception of users that cannot be printed
            LOG.log(Level.WARNING, what + ": " + Throwables.text(failure), null);
        }
    }

    /** Whether the task is, whatever its handler has made of that. */
    private static boolean isCancelled() {
        try {
            CancelScope.throwIfCancelled();
            return false;
        } catch (CancelledException _) {
            return true;
        }
    }

    /** What has become of a call of a handler. */
    private sealed interface Outcome {

        record Done(Bytes result) implements Outcome {}

        record Failed(Throwable failure) implements Outcome {}

        /** It has waited for a slot for too long. */
        record NotBegun() implements Outcome {}
    }

    private Outcome call(Attempt attempt, OpenJob begun, long stamp) {
        String id = attempt.job.id();
        try {
            Bytes payload = payload(id);
            JobAttempt job = new JobAttempt(
                    jobs.name(),
                    Names.decode(id),
                    begun.terms(),
                    payload,
                    begun.attempts(),
                    lease.token(stamp),
                    other -> jobs.job(other).join(),
                    progress -> {
                        attempt.progress = progress;
                        if (attempt.called.compareAndSet(false, true)) {
                            lease.loop().callFromThread(() -> {
                                attempt.called.set(false);
                                tell(attempt);
                            });
                        }
                    });
            if (!attempt.handling.slots().enter()) {
                return new Outcome.NotBegun();
            }
            long begin = lease.loop().nanoTime();
            Bytes result;
            try {
                result = handle(attempt, begun, job);
            } finally {
                attempt.nanos = lease.loop().nanoTime() - begin;
                attempt.handling.slots().leave(attempt.nanos);
            }
            if (result.length() > StoreLimits.MAX_VALUE) {
                return new Outcome.Failed(new IllegalStateException("the result has " + result.length()
                        + " bytes, more than " + StoreLimits.MAX_VALUE
                        + ": put it elsewhere and give back where it is"));
            }
            return new Outcome.Done(result);
        } catch (Throwable e) { // whatever a handler throws, the others go on
            return new Outcome.Failed(e);
        }
    }

    private static Bytes handle(Attempt attempt, OpenJob begun, JobAttempt job) throws Exception {
        Optional<TraceContext> trace = begun.terms().trace();
        Callable<Bytes> body = () -> attempt.handling.handler().handle(job);
        Callable<Bytes> traced = trace.isPresent() ? () -> trace.get().call(body) : body;
        Optional<Duration> limit = begun.terms().attemptMillis() > 0
                ? Optional.of(Duration.ofMillis(begun.terms().attemptMillis()))
                : attempt.handling.options().attemptTimeout();
        if (begun.hasDeadline()) {
            Duration left = Duration.ofMillis(begun.leftMillis());
            limit = Optional.of(limit.map(time -> min(time, left)).orElse(left));
        }
        return limit.isPresent() ? Heddle.timeout(limit.get(), traced) : traced.call();
    }

    /** What was submitted; there, since this session has seen the job. */
    private Bytes payload(String id) {
        for (int tries = 1;; tries++) {
            try {
                return lease.store()
                        .read(keys.record(id), ReadConsistency.LOCAL)
                        .join()
                        .orElseThrow(() -> new IllegalStateException("the payload is gone"))
                        .value();
            } catch (StoreUnavailableException _) {
                Heddle.sleep(lease.backoff().delay(tries));
            }
        }
    }

    private List<Op> endAsCancelled(Attempt attempt, OpenJob begun) {
        String id = attempt.job.id();
        List<Op> ops = new ArrayList<>(keys.end(id, begun, Op.ANY_VERSION, Bytes.EMPTY,
                ended(EndedJob.Kind.CANCELLED, FailedAttempt.NONE, attempt, begun, 0)));
        ops.add(new Op.Delete(keys.running(id), Op.ANY_VERSION));
        ops.addAll(permits.giveBack(attempt.claim));
        return ops;
    }

    private Bytes runningForm(Attempt attempt) {
        return new RunningJob(
                workerKey.name(), nodeName, attempt.job.form().name(), attempt.progress, attempt.begunAt,
                attempt.job.form().terms().group(), attempt.claim.permits()).encode();
    }

    /** Writes the progress down, one commit at a time; of those that come meanwhile the last. */
    private void tell(Attempt attempt) {
        Bytes progress = attempt.progress;
        if (!attempt.telling && !attempt.over && progress != attempt.told) {
            attempt.telling = true;
            attempt.told = progress;
            Op op = new Op.Set(keys.running(attempt.job.id()), runningForm(attempt), Op.ANY_VERSION);
            lease.groupCommits().start(List.of(op)).onDone(_ -> {
                attempt.telling = false;
                tell(attempt);
            });
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
