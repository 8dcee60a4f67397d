package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The places of a queue's entries.
 *
 * <pre>
 *   jobs/Q/record/ID    durable    the payload, then the result; there as long as the job is known
 *   jobs/Q/open/ID      durable    what is still to be done ({@code OpenJob}): ready, waiting, running, or a dead letter
 *   jobs/Q/failures/ID  durable    its last failure with the stack ({@code FailedAttempt}), until it ends or is discarded
 *   jobs/Q/running/ID   ephemeral  who does it ({@code RunningJob}); gone with the session of the node
 *   jobs/Q/ended/ID     durable    how it ended ({@code EndedJob})
 *   jobs/Q/unique/KEY   durable    the job that has a unique key, until it ends
 *   jobs/Q/workers/W    ephemeral  what a node handles ({@code WorkerFacts}); the first of them leads
 *   jobs/Q/schedules/S  durable    when a job is submitted again and again ({@code JobSchedule})
 *   jobs/Q/batches/B    durable    how many of a batch have ended and are forgotten ({@code BatchTally})
 *   jobs/Q/permits/P    ephemeral  a job that counts in a limit of those that run ({@code JobPermits})
 *   jobs/Q/turns/T      durable    the last job that counts in a limit of those that are begun
 *   jobs/Q/control/paused  durable  there while the queue is paused; of another name: while jobs of that name are
 *
 *                submit                take                    done, cancelled
 *   (unknown) ───────────▶ open ──────────────▶ open+running ───────────────────▶ ended ── after a while ──▶ (unknown)
 *                           ▲ ▲                   │  │   └── failed for good ──▶ open(dead)+ended
 *                           │ └─ failed, returned ┘  │                               │
 *                           │    the session is over ┘                               │
 *                           └─────────────── retried by hand ◀───────────────────────┘
 * </pre>
 *
 * <p>Each arrow but "the session is over" is one commit. While a running entry stands, only its owner takes it away and
 * ends the job; others may only mark the open entry. Since a commit of a session that is over never takes place, no
 * late worker can end a job that another has taken.
 */
public record JobKeys(String queue) {

    private static final String PAUSED = "paused";

    /** That of jobs with the name "paused"; no name is written so otherwise. */
    private static final String PAUSED_NAME = PAUSED + "~";

    /** Checks the name. */
    public JobKeys {
        Names.encode(queue);
    }

    private String directory(String kind) {
        return piece() + '/' + kind;
    }

    /** What all of its directories begin with, and how nodes say that they use it. */
    public String piece() {
        return "jobs/" + Names.encode(queue);
    }

    /** Where the jobs are that have not ended. */
    public String open() {
        return directory("open");
    }

    /** Where the owners of running jobs stand. */
    public String running() {
        return directory("running");
    }

    /** Where the ends are told. */
    public String ended() {
        return directory("ended");
    }

    /** Where nodes say what they handle. */
    public String workers() {
        return directory("workers");
    }

    /** Where the schedules are. */
    public String schedules() {
        return directory("schedules");
    }

    /** Where the queue is told to pause. */
    public String control() {
        return directory("control");
    }

    /** Where the numbers of batches are. */
    public String batches() {
        return directory("batches");
    }

    /** The numbers of a batch. */
    public Key batch(String batch) {
        return new Key(batches(), Names.encode(batch));
    }

    /** A permit of a limit. */
    public Key permit(String permit) {
        return new Key(directory("permits"), permit);
    }

    /** Where the turns of limits are. */
    public String turns() {
        return directory("turns");
    }

    /** A turn of a limit. */
    public Key turn(String turn) {
        return new Key(turns(), turn);
    }

    /** The entry that pauses the queue. */
    public Key paused() {
        return new Key(control(), PAUSED);
    }

    /** The entry that pauses the jobs of a name. */
    public Key paused(String name) {
        String encoded = Names.encode(name);
        return new Key(control(), encoded.equals(PAUSED) ? PAUSED_NAME : encoded);
    }

    /** The names of jobs that entries pause; the queue as a whole is none. */
    public static Set<String> pausedNames(Set<String> entries) {
        if (entries.isEmpty()) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>();
        for (String entry : entries) {
            if (!entry.equals(PAUSED)) {
                names.add(entry.equals(PAUSED_NAME) ? PAUSED : Names.decode(entry));
            }
        }
        return names;
    }

    /** The payload or the result of a job. */
    public Key record(String job) {
        return new Key(directory("record"), job);
    }

    /** A job that has not ended. */
    public Key open(String job) {
        return new Key(open(), job);
    }

    /** Who runs a job. */
    public Key running(String job) {
        return new Key(running(), job);
    }

    /** How a job ended. */
    public Key ended(String job) {
        return new Key(ended(), job);
    }

    /** The last failure of a job, with its stack. */
    public Key failure(String job) {
        return new Key(directory("failures"), job);
    }

    /** Who has a unique key. */
    public Key unique(String key) {
        return new Key(directory("unique"), Names.encode(key));
    }

    /** The operations that make a job known. */
    public List<Op> submit(String job, OpenJob open, Bytes payload) {
        List<Op> ops = new ArrayList<>();
        ops.add(new Op.Create(record(job), payload, Lifetime.DURABLE));
        ops.add(new Op.Create(open(job), open.encode(), Lifetime.DURABLE));
        if (!open.key().isEmpty()) {
            ops.add(new Op.Create(unique(open.key()), Bytes.utf8(job), Lifetime.DURABLE));
        }
        return ops;
    }

    /** The operations that end a job, but for its running entry. */
    public List<Op> end(String job, OpenJob open, long ifVersion, Bytes result, EndedJob ended) {
        List<Op> ops = new ArrayList<>();
        ops.add(new Op.Delete(open(job), ifVersion));
        ops.add(new Op.Set(record(job), result, Op.ANY_VERSION));
        if (open.stackBytes() > 0) {
            ops.add(new Op.Delete(failure(job), Op.ANY_VERSION));
        }
        close(job, open, ended, ops);
        return ops;
    }

    /**
     * The operations that have a job wait after a failure, but for its running entry.
     *
     * @param now by the clock of the node
     */
    public List<Op> fail(String job, OpenJob open, long ifVersion, FailedAttempt failure, long delayMillis, long now) {
        List<Op> ops = new ArrayList<>();
        Bytes record = failure.encode();
        ops.add(new Op.Set(
                open(job), open.failed(failure, record.length(), delayMillis, now).encode(), ifVersion));
        ops.add(tell(job, open, record));
        return ops;
    }

    /** The operations that make a job a dead letter, but for its running entry. */
    public List<Op> bury(String job, OpenJob open, long ifVersion, FailedAttempt failure, EndedJob dead) {
        List<Op> ops = new ArrayList<>();
        boolean hasStack = !failure.stack().isEmpty();
        Bytes record = hasStack ? failure.encode() : Bytes.EMPTY;
        OpenJob buried = open.buried(failure, hasStack ? record.length() : open.stackBytes());
        ops.add(new Op.Set(open(job), buried.encode(), ifVersion));
        close(job, open, dead, ops);
        if (hasStack) {
            ops.add(tell(job, open, record));
        }
        return ops;
    }

    private Op tell(String job, OpenJob open, Bytes record) {
        return open.stackBytes() > 0
                ? new Op.Set(failure(job), record, Op.ANY_VERSION)
                : new Op.Create(failure(job), record, Lifetime.DURABLE);
    }

    private void close(String job, OpenJob open, EndedJob ended, List<Op> ops) {
        ops.add(new Op.Create(ended(job), ended.encode(), Lifetime.DURABLE));
        if (!open.key().isEmpty()) {
            ops.add(new Op.Delete(unique(open.key()), Op.ANY_VERSION));
        }
    }
}
