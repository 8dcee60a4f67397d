package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.TaskGroup;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.BatchTally;
import dev.heddle.cluster.internal.jobs.EndedJob;
import dev.heddle.cluster.internal.jobs.EndedJobs;
import dev.heddle.cluster.internal.jobs.EndedJobs.Known;
import dev.heddle.cluster.internal.jobs.FailedAttempt;
import dev.heddle.cluster.internal.jobs.JobKeys;
import dev.heddle.cluster.internal.jobs.JobPermits;
import dev.heddle.cluster.internal.jobs.JobSchedule;
import dev.heddle.cluster.internal.jobs.JobTerms;
import dev.heddle.cluster.internal.jobs.OpenJob;
import dev.heddle.cluster.internal.jobs.OpenJobs;
import dev.heddle.cluster.internal.jobs.OpenJobs.Seen;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Supervised;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The duties of the one node that leads a queue: it ends cancelled jobs whose node is lost, buries those whose nodes
 * were lost too often, lets those begin whose awaited jobs have ended, writes down how much of a long delay is left,
 * forgets old results, and submits what is scheduled.
 *
 * <p>That two nodes take themselves for the leader for a while does no harm: each step is a commit that checks the
 * version of what it is about.
 *
 * <p>Threads: tasks of the node's loop.
 */
final class JobsLeader {

    /** How seldom it looks around under load. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** How much of a delay may be lost when nodes come and go. */
    private static final Duration DELAY_LOSS = Duration.ofMinutes(1);

    /** Of a long deadline a twentieth may be lost when nodes come and go. */
    private static final int DEADLINE_LOSS = 20;

    /** The wall clock may jump: a schedule is looked at again after so long. */
    private static final Duration CLOCK = Duration.ofSeconds(30);

    /** How late a time may be that is not missed. */
    private static final Duration MISSED = Duration.ofMinutes(1);

    /** By how much a leader's clock may be behind the one before it and still wait. */
    private static final Duration CATCH_UP = Duration.ofHours(1);

    /** How long an awaited job may be in no picture before the store is asked where it is. */
    private static final Duration DOUBT = Duration.ofSeconds(1);

    private static final String FORGETTING = "forgetting results";

    private static final String TURNS = "forgetting turns";

    private static final String SETTLING = "the jobs that wait for others";

    /** How many jobs of a batch are forgotten in one commit, with two operations each. */
    private static final int MAX_TALLIED = 30;

    /** How many results are forgotten at a time. */
    private static final int MAX_FORGET = 250;

    /** Delays that it writes down when it leaves. */
    private static final int MAX_LEFT = 1_000;

    private static final Duration LONG = Duration.ofHours(1);

    private final JobKeys keys;
    private final Lease lease;
    private final OpenJobs openJobs;
    private final DirectoryView ended;
    private final DirectoryView schedules;
    private final DirectoryView batches;
    private final Duration keepResults;
    private final EndedJobs results;
    private final Supervised service;

    /** What is being done, so that it is not begun twice. */
    private final Set<String> underWay = new HashSet<>();

    /** Blocked jobs of which one that they wait for is in no picture, and from when on the store is asked about it. */
    private final Map<String, Long> doubtful = new HashMap<>();

    /** Since when the numbers of a batch are what they are, by this node's own clock. */
    private final Map<String, Tallied> tallied = new HashMap<>();

    private Picture endedSeen = Picture.NONE;

    private Runnable wake = () -> {};

    private @Nullable Long turnsAt;

    private @Nullable Long lookedAt;

    /** The numbers of a batch in one of their states. */
    private record Tallied(long version, long seenAt) {}

    /** @param service told of what fails */
    JobsLeader(Jobs jobs, Lease lease, OpenJobs openJobs, Supervised service) {
        this.service = service;
        this.keys = jobs.keys();
        this.lease = lease;
        this.openJobs = openJobs;
        this.ended = lease.view(keys.ended());
        this.schedules = lease.view(keys.schedules());
        this.batches = lease.view(keys.batches());
        this.keepResults = jobs.options().keepResults();
        this.results = new EndedJobs(
                jobs.options().keepResults(), jobs.options().maxResults(), jobs.options().maxResultBytes(),
                lease::skip);
    }

    /** Tells when it should look around. */
    void onNews(Runnable wake) {
        this.wake = wake;
        ended.onPicture(_ -> wake.run());
        batches.onPicture(_ -> wake.run());
        schedules.onPicture(_ -> wake.run());
    }

    /** Does what is due, and says after how long something else may be. */
    Duration lookAround(TaskGroup group, Picture running) {
        long now = lease.loop().nanoTime();
        ended.picture().ifPresent(picture -> look(picture, now));
        Duration next = settle(group, now);
        forgetOld(group, now);
        if (lookedAt != null && now - lookedAt < PAUSE.toNanos()) {
            return min(next, Duration.ofNanos(lookedAt + PAUSE.toNanos() - now));
        }
        lookedAt = now;
        for (Seen job : openJobs.all()) {
            OpenJob form = job.form();
            boolean over = form.cancelling() || form.isSpent() || job.isExpired();
            if (form.dead() || (!over && !form.hasDeadline()) || running.entries().containsKey(job.id())) {
                continue;
            }
            if (over && job.retryAt() <= now) {
                job.waitFor(PAUSE);
                chore(group, "the end of " + job.id(), () -> endLost(job));
            } else if (form.hasDeadline() && !over) {
                next = min(next, untilDeadline(group, job, now));
            }
        }
        for (Seen job : openJobs.delayed()) {
            Duration left = Duration.ofNanos(job.readyAt() - now);
            next = min(next, DELAY_LOSS);
            if (left.compareTo(DELAY_LOSS) > 0
                    && now - job.seenAt() >= DELAY_LOSS.toNanos()
                    && job.retryAt() <= now) {
                job.waitFor(DELAY_LOSS);
                chore(group, "the delay of " + job.id(), () -> writeLeft(job));
            }
        }
        next = min(next, results.untilNext(now));
        Optional<Picture> tallies = batches.picture();
        if (tallies.isPresent()) {
            next = min(next, forgetBatches(group, tallies.get(), now));
        }
        Optional<Picture> scheduled = schedules.picture();
        if (scheduled.isPresent()) {
            for (Entry entry : scheduled.get().entries().values()) {
                next = min(next, tryToLook(group, entry));
            }
        }
        return next;
    }

    /** Writes down from time to time how much of a deadline is left, and says after how long to look again. */
    private Duration untilDeadline(TaskGroup group, Seen job, long now) {
        Duration left = Duration.ofNanos(job.expiresAt() - now);
        Duration loss = max(DELAY_LOSS, Duration.ofMillis(job.form().leftMillis() / DEADLINE_LOSS));
        if (left.compareTo(loss) > 0 && now - job.seenAt() >= loss.toNanos() && job.retryAt() <= now) {
            job.waitFor(PAUSE);
            chore(group, "the deadline of " + job.id(), () -> {
                if (!isRunning(job)) {
                    writeLeft(job);
                }
            });
        }
        return min(left, loss);
    }

    private void chore(TaskGroup group, String what, Runnable chore) {
        if (underWay.add(what)) {
            group.spawn(what, () -> {
                try {
                    chore.run();
                } catch (SessionLostException | StoreUnavailableException | OutcomeUnknownException _) {
                    // whoever leads then sees what is left to do
                } catch (RuntimeException | Error e) {
                    Heddle.sleep(service.failed(what, e));
                } finally {
                    underWay.remove(what);
                }
            });
        }
    }

    /**
     * Ends a job that nobody runs. If its entry still has its version, nobody has taken it since we saw it; and that
     * nobody who took it before runs it any more, the fresh read tells.
     */
    private void endLost(Seen job) {
        if (isRunning(job)) {
            return;
        }
        OpenJob form = job.form();
        long now = lease.wallMillis();
        if (form.cancelling()) {
            EndedJob end = form.ended(EndedJob.Kind.CANCELLED, FailedAttempt.NONE, 0, now, 0);
            commit(keys.end(job.id(), form, job.version(), Bytes.EMPTY, end));
            return;
        }
        FailedAttempt why = form.isSpent()
                ? new FailedAttempt(FailedAttempt.LOST, "its node was lost while it did attempt " + form.attempts(), "",
                        form.attempts(), "", now)
                : FailedAttempt.expired(form, now);
        EndedJob end = form.ended(EndedJob.Kind.DEAD, why, 0, now, 0);
        commit(keys.bury(job.id(), form, job.version(), why, end));
    }

    private boolean isRunning(Seen job) {
        return lease.store().read(keys.running(job.id()), ReadConsistency.FRESH).join().isPresent();
    }

    private void writeLeft(Seen job) {
        commit(left(job));
    }

    private List<Op> left(Seen job) {
        return List.of(new Op.Set(keys.open(job.id()), job.now().encode(), job.version()));
    }

    /** Writes down how much of the delays and deadlines is left, as this node leaves; of those that are due first, if there are many. */
    void leave() {
        if (!(lease.store().state() instanceof StoreState.Connected)) {
            return;
        }
        long now = lease.loop().nanoTime();
        List<Promise<CommitOutcome>> written = Stream
                .concat(
                        openJobs.delayed().stream().filter(job -> job.readyAt() > now),
                        // One that was begun may run by now, and then its entry belongs to its node.
                        openJobs.ready().stream().filter(job -> job.form().hasDeadline() && job.form().attempts() == 0))
                .filter(job -> now - job.seenAt() >= PAUSE.toNanos())
                .limit(MAX_LEFT)
                .map(job -> lease.groupCommits().start(left(job)))
                .toList();
        Heddle.shield(() -> {
            for (Promise<CommitOutcome> each : written) {
                each.toCompletableFuture().exceptionally(_ -> null).join();
            }
        });
    }

    /** At each look: results come as quickly as jobs are done, and are to go as quickly. */
    private void forgetOld(TaskGroup group, long now) {
        List<Known> old = underWay.contains(FORGETTING) ? List.of() : results.old(now, MAX_FORGET, openJobs);
        if (!old.isEmpty()) {
            chore(group, FORGETTING, () -> forget(old));
        }
    }

    private void forget(List<Known> old) {
        List<Promise<CommitOutcome>> outcomes = new ArrayList<>();
        Map<String, List<Known>> ofBatches = new LinkedHashMap<>();
        for (Known job : old) {
            if (job.end().batch().isEmpty()) {
                outcomes.add(lease.groupCommits().start(forget(job)));
            } else {
                ofBatches.computeIfAbsent(job.end().batch(), _ -> new ArrayList<>()).add(job);
            }
        }
        ofBatches.forEach((batch, jobs) -> {
            for (int from = 0; from < jobs.size(); from += MAX_TALLIED) {
                forget(keys.batch(batch), jobs.subList(from, Math.min(from + MAX_TALLIED, jobs.size())));
            }
        });
        outcomes.forEach(Promise::join);
    }

    private List<Op> forget(Known job) {
        return List.of(
                new Op.Delete(keys.ended(job.job()), job.version()),
                new Op.Delete(keys.record(job.job()), Op.ANY_VERSION));
    }

    /** Forgets some of a batch, and counts them. */
    private void forget(Key batch, List<Known> jobs) {
        Optional<Entry> entry = lease.store().read(batch, ReadConsistency.FRESH).join();
        BatchTally tally = entry.flatMap(known -> BatchTally.decode(known.value())).orElse(BatchTally.NONE);
        List<Op> ops = new ArrayList<>();
        for (Known job : jobs) {
            tally = tally.with(job.end().kind());
            ops.addAll(forget(job));
        }
        ops.add(entry.isEmpty()
                ? new Op.Create(batch, tally.encode(), Lifetime.DURABLE)
                : new Op.Set(batch, tally.encode(), entry.get().version()));
        commit(ops);
    }

    /** Forgets the numbers of batches of which no job is known, after as long as a result is kept. */
    private Duration forgetBatches(TaskGroup group, Picture picture, long now) {
        Duration next = LONG;
        tallied.keySet().retainAll(picture.entries().keySet());
        for (Entry entry : picture.entries().values()) {
            if (BatchTally.decode(entry.value()).isEmpty()) {
                lease.skip(entry.key());
                continue;
            }
            String batch = Names.decode(entry.key().name());
            next = min(next, keepResults);
            Tallied known = tallied.get(entry.key().name());
            if (known == null || known.version() != entry.version() || openJobs.awaited().knows(batch)
                    || results.knows(batch)) {
                tallied.put(entry.key().name(), new Tallied(entry.version(), now));
            } else if (Duration.ofNanos(now - known.seenAt()).compareTo(keepResults) >= 0) {
                chore(group, "the batch " + batch,
                        () -> commit(List.of(new Op.Delete(entry.key(), entry.version()))));
            }
        }
        return next;
    }

    /** Takes away turns of limits that nobody has used for long. */
    void forgetTurns(TaskGroup group, JobPermits permits) {
        long now = lease.loop().nanoTime();
        if (!underWay.contains(TURNS) && (turnsAt == null || now - turnsAt >= CLOCK.toNanos())) {
            List<Op> unused = permits.unused(MAX_FORGET);
            if (unused.size() < MAX_FORGET) {
                turnsAt = now; // until then there are more
            }
            if (!unused.isEmpty()) {
                chore(group, TURNS, () -> unused.stream()
                        .map(op -> lease.groupCommits().start(List.of(op))).toList().forEach(Promise::join));
            }
        }
    }

    // ---- jobs that wait for others ----

    private void look(Picture picture, long now) {
        Consumer<Entry> news = entry -> openJobs.awaited().tell(entry.key().name());
        picture.entries().changesSince(endedSeen.entries(), news, news);
        endedSeen = picture;
        results.look(picture, now);
    }

    /** Looks after the blocked jobs for which there is news, all in one task; the next ones wait until it has ended. */
    private Duration settle(TaskGroup group, long now) {
        if (ended.picture().isEmpty() || underWay.contains(SETTLING)) {
            return LONG;
        }
        List<String> asked = doubtful.entrySet().stream().filter(each -> each.getValue() <= now).map(Map.Entry::getKey)
                .toList();
        List<Seen> blocked = Stream.concat(openJobs.awaited().takeNews().stream(), asked.stream()).distinct()
                .map(openJobs::find).filter(job -> job != null && job.form().blocked()).toList();
        doubtful.keySet().removeAll(asked);
        if (!blocked.isEmpty()) {
            chore(group, SETTLING, () -> settle(blocked, Set.copyOf(asked)));
        }
        return doubtful.values().stream().map(due -> Duration.ofNanos(Math.max(0, due - now))).reduce(LONG,
                JobsLeader::min);
    }

    private void settle(List<Seen> blocked, Set<String> asked) {
        Map<Seen, Promise<CommitOutcome>> changes = new LinkedHashMap<>();
        Set<Seen> left = new HashSet<>(blocked);
        try {
            for (Seen job : blocked) {
                List<Op> change = settled(job, asked.contains(job.id()));
                if (change.isEmpty()) {
                    left.remove(job);
                } else {
                    changes.put(job, lease.groupCommits().start(change));
                }
            }
            changes.forEach((job, change) -> {
                // Refused if the job has changed, which is news itself.
                if (change.join() instanceof CommitOutcome.Committed
                        || change.join() instanceof CommitOutcome.Refused) {
                    left.remove(job);
                }
            });
        } finally {
            left.forEach(job -> openJobs.awaited().again(job.id()));
            wake.run();
        }
    }

    /**
     * What becomes of a blocked job; no operation if it goes on waiting.
     *
     * @param asking whether the store is asked about those that are in no picture
     */
    private List<Op> settled(Seen job, boolean asking) {
        JobTerms terms = job.form().terms();
        doubtful.remove(job.id());
        boolean waits = !terms.afterBatch().isEmpty() && openJobs.awaited().isBatchOpen(job);
        for (String id : terms.after()) {
            String awaited = Names.encode(id);
            Optional<EndedJob> end = results.find(awaited);
            boolean open = openJobs.find(awaited) != null;
            if (asking && end.isEmpty() && !open) {
                // The first read comes first: a job that has ended between the two is in the second.
                open = lease.store().read(keys.open(awaited), ReadConsistency.FRESH).join().isPresent();
                end = lease.store().read(keys.ended(awaited), ReadConsistency.FRESH).join()
                        .flatMap(entry -> EndedJob.decode(entry.value()));
            }
            if (end.isEmpty()) {
                if (open || !asking) {
                    waits = true;
                    if (!open) {
                        doubtful.put(job.id(), lease.loop().nanoTime() + DOUBT.toNanos());
                    }
                } else if (!terms.afterAnyEnd()) {
                    return cancelled(job, "the job " + id + ", which it waited for, was discarded");
                }
            } else if (!terms.afterAnyEnd()) {
                if (end.get().kind() == EndedJob.Kind.CANCELLED) {
                    return cancelled(job, "the job " + id + ", which it waited for, was cancelled");
                }
                waits |= end.get().kind() == EndedJob.Kind.DEAD;
            }
        }
        if (waits) {
            return List.of();
        }
        if (!terms.afterBatch().isEmpty() && !terms.afterAnyEnd() && hasCancelled(terms.afterBatch())) {
            return cancelled(job, "a job of the batch " + terms.afterBatch() + ", which it waited for, was cancelled");
        }
        return List.of(new Op.Set(
                keys.open(job.id()), job.form().released(lease.wallMillis()).encode(), job.version()));
    }

    /** Whether a job of a batch was cancelled. One that is forgotten between the two reads is in the second. */
    private boolean hasCancelled(String batch) {
        return lease.store().list(keys.ended(), ReadConsistency.FRESH).join().entries().stream()
                .flatMap(entry -> EndedJob.decode(entry.value()).stream())
                .anyMatch(end -> end.batch().equals(batch) && end.kind() == EndedJob.Kind.CANCELLED)
                || lease.store().read(keys.batch(batch), ReadConsistency.FRESH).join()
                        .flatMap(entry -> BatchTally.decode(entry.value()))
                        .filter(tally -> tally.cancelled() > 0).isPresent();
    }

    private List<Op> cancelled(Seen job, String why) {
        EndedJob end = job.form().ended(EndedJob.Kind.CANCELLED, FailedAttempt.NONE, 0, lease.wallMillis(), 0)
                .because(why);
        return keys.end(job.id(), job.form(), job.version(), Bytes.EMPTY, end);
    }

    // ---- schedules ----

    /** A schedule that fails keeps no other from its times. */
    private Duration tryToLook(TaskGroup group, Entry entry) {
        try {
            return look(group, entry);
        } catch (RuntimeException | Error e) {
            service.failed("the schedule " + Names.decode(entry.key().name()), e);
            return CLOCK;
        }
    }

    private Duration look(TaskGroup group, Entry entry) {
        Optional<JobSchedule> form = JobSchedule.decode(entry.value());
        if (form.isEmpty()) {
            lease.skip(entry.key());
            return LONG;
        }
        JobSchedule schedule = form.get();
        long now = lease.loop().engine().now().getEpochSecond();
        String what = "the schedule " + Names.decode(entry.key().name());
        if (schedule.last() == JobSchedule.NEW || schedule.last() > now + CATCH_UP.toSeconds()) {
            chore(group, what, () -> commit(List.of(upTo(entry, schedule, now))));
            return CLOCK;
        }
        OptionalLong next = schedule.times().next(schedule.last());
        if (next.isEmpty()) {
            return LONG;
        }
        if (next.getAsLong() > now) {
            return min(CLOCK, Duration.ofSeconds(next.getAsLong() - now));
        }
        if (schedule.times().maxMissed() > 1 && isOpen(entry, schedule)) {
            return CLOCK; // the next one comes after it
        }
        if (schedule.times().maxMissed() == 0 && next.getAsLong() < now - MISSED.toSeconds()) {
            chore(group, what, () -> commit(List.of(upTo(entry, schedule, now))));
        } else {
            chore(group, what, () -> submit(entry, schedule, now));
        }
        return CLOCK;
    }

    /** Whether the last job of a schedule has not ended. */
    private boolean isOpen(Entry entry, JobSchedule schedule) {
        String id = "~" + Names.decode(entry.key().name()) + "~" + schedule.submitted();
        Seen job = openJobs.find(Names.encode(id));
        return job != null && !job.form().dead();
    }

    /**
     * Submits the job of a time, unless that of an earlier one has not ended. If several times may come, it is then
     * looked at again when that has ended.
     */
    private void submit(Entry entry, JobSchedule schedule, long now) {
        String name = Names.decode(entry.key().name());
        boolean together = schedule.times().maxMissed() <= 1;
        long time = schedule.due(now).getFirst();
        JobSchedule next = schedule.upTo(together ? now : time);
        OpenJob open = OpenJob.of(schedule.terms().submitted("~" + name, lease.wallMillis()), 0);
        List<Op> ops = new ArrayList<>();
        ops.add(new Op.Set(entry.key(), next.submitted(time).encode(), entry.version()));
        ops.addAll(keys.submit(Names.encode("~" + name + "~" + time), open, schedule.payload()));
        if (commit(ops) instanceof CommitOutcome.Refused(int index, _) && index > 0 && (together || index < 3)) {
            commit(List.of(new Op.Set(entry.key(), next.encode(), entry.version())));
        }
    }

    private static Op upTo(Entry entry, JobSchedule schedule, long second) {
        return new Op.Set(entry.key(), schedule.upTo(second).encode(), entry.version());
    }

    private CommitOutcome commit(List<Op> ops) {
        return lease.groupCommits().commit(ops);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
