package dev.heddle.process;

import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of a child's jobs, and the frames about it: the job whose turn it is and, while jobs are short, some
 * that come after it. So the child finds the next one at hand, and several travel at once.
 *
 * <pre>
 *   given ──the child begins it──▶ answered
 *     └────it is cancelled, or the one before takes long────▶ given back
 * </pre>
 *
 * <p>A child does its jobs in the order in which it got them, and has answered one before it begins the next. So if it
 * dies, the first that has no answer is the only one that may have begun: that one is lost, the others are put back,
 * and none is done twice.
 *
 * <p>Never waits. Confined to the loop of the child.
 */
abstract class JobPipeline {

    /**
     * Most jobs that a child has at a time. All of them together fit into the socket, so that to give them never waits.
     */
    private static final int MAX_GIVEN = 32;

    /** About how much work a child has before its turn, at most. */
    private static final long AHEAD_NANOS = 1_000_000;

    /** How long a job may take until those behind it are wanted back. */
    private static final long LONG_NANOS = 2_000_000;

    /** The weight of the last job in the average. */
    private static final int SMOOTHING = 8;

    private final long graceNanos;
    private final ArrayDeque<RemoteJob<?>> given = new ArrayDeque<>();

    /** Never used again, so that a late cancel cannot mean other work. */
    private long numbers;

    private long jobs;

    /** Until more is known, none is short. */
    private long averageNanos = AHEAD_NANOS;

    /** When the first of the given had its turn. */
    private long sinceNanos;

    /** Answered since the last look at the clock, and since the last exchange. */
    private int answered;

    private int ended;

    /** Those behind the job whose turn it is are wanted back, and no more are given until it ends. */
    private boolean recalled;

    /** The first, if it was told to end soon. */
    private @Nullable RemoteJob<?> hurried;

    private long hurriedNanos;

    /** Its end was ordered: what it has answered before still counts, and it gets nothing more. */
    private boolean doomed;

    /** Whether a look is to come, and when. */
    private boolean alarmed;

    private long alarmNanos;

    /**
     * @param graceNanos what a job has to end when it is cancelled
     */
    JobPipeline(long graceNanos) {
        this.graceNanos = graceNanos;
    }

    // ---- the child at the other end ----

    /** The id of the child's process; 0 if it is none. Any thread. */
    abstract long pid();

    abstract void send(MessageKind kind, long number, Output content);

    /** Has {@link #look} called at a time, and not at the one that was told before. */
    abstract void lookAt(long nanoTime);

    abstract long nanoTime();

    /** It was told to stop and did not: its end. */
    abstract void kill();

    // ---- where jobs come from and go back to ----

    /**
     * Takes the next jobs, if there are such, and tells of those that have ended.
     *
     * @param count how many have ended, those that were taken first
     * @param most how many to take
     */
    abstract JobQueue.Next exchange(int count, int most, List<RemoteJob<?>> into);

    /** A job has not begun; of several the last that was taken comes first. */
    abstract void putBack(RemoteJob<?> job);

    /** Lets jobs come, of which none was done before. */
    void open() {
        jobs = 0;
        ended = 0;
        averageNanos = AHEAD_NANOS;
    }

    /** How many jobs the child has had. */
    long jobs() {
        return jobs;
    }

    /** How long jobs have taken, as if some had been done. */
    void expect(long nanos) {
        averageNanos = nanos;
    }

    // ---- to the child ----

    /** Gives it a job; to be followed by {@link #settle}. One that nobody wants any more ends here. */
    void give(RemoteJob<?> job) {
        Output work = job.work();
        if (job.isUnwanted()) {
            putBack(job);
            job.fail(neverBegun());
            return;
        }
        if (given.isEmpty()) {
            sinceNanos = nanoTime();
        }
        job.number = ++numbers;
        job.holder = this;
        job.told = false;
        given.addLast(job);
        jobs++;
        send(job.kind(), job.number, work);
    }

    /**
     * After each batch of frames from the child, and each job from elsewhere: gives further ones, if it is time for
     * that.
     *
     * @return what comes next for the child
     */
    JobQueue.Next settle() {
        measure();
        JobQueue.Next next = refill();
        setAlarm();
        return next;
    }

    private void measure() {
        if (answered > 0) {
            long now = nanoTime();
            long each = (now - sinceNanos) / answered;
            for (; answered > 0; answered--) {
                averageNanos += (each - averageNanos) / SMOOTHING;
            }
            sinceNanos = now;
        }
    }

    private JobQueue.Next refill() {
        RemoteJob<?> first = given.peekFirst();
        if (first != null && first.work().comesInPieces()) {
            return JobQueue.Next.WORK; // alone, since what is behind it could not be taken back while it comes
        }
        int most = Math.clamp(AHEAD_NANOS / Math.max(1, averageNanos), 1, MAX_GIVEN);
        while (given.size() <= most / 2) {
            boolean none = given.isEmpty();
            List<RemoteJob<?>> fresh = new ArrayList<>(most);
            boolean closed = recalled || hurried != null || doomed;
            JobQueue.Next next = exchange(takeEnded(), closed ? 0 : most - given.size(), fresh);
            if (fresh.isEmpty()) {
                return next;
            }
            fresh.forEach(this::give);
            if (!none) {
                break;
            }
        }
        return JobQueue.Next.WORK;
    }

    /** Nobody wants a job any more that this child has. */
    void unwanted(RemoteJob<?> job, boolean hurry) {
        if (job == given.peekFirst()) {
            if (hurry) {
                hurry(job);
            }
        } else {
            cancel(job);
        }
    }

    /** Has it end what it does, and begin nothing. */
    void hurry() {
        RemoteJob<?> first = given.peekFirst();
        if (first != null) {
            hurry(first);
        }
    }

    private void hurry(RemoteJob<?> first) {
        if (hurried == first) {
            return;
        }
        hurried = first;
        hurriedNanos = nanoTime();
        // Those behind first: else they could begin when the one before them ends.
        recall();
        cancel(first);
        setAlarm();
    }

    private void recall() {
        if (given.size() > 1 && !recalled) {
            recalled = true;
            send(MessageKind.RECALL, 0, Output.NOTHING);
            exchange(takeEnded(), 0, new ArrayList<>(0));
        }
    }

    private void cancel(RemoteJob<?> job) {
        if (!job.told) {
            job.told = true;
            send(MessageKind.CANCEL, job.number, Output.NOTHING);
        }
    }

    // ---- from the child ----

    /**
     * Takes what the child says of its jobs; to be followed by {@link #settle}.
     *
     * @param child who that is, for people
     */
    void take(Frame frame, String child) throws IOException {
        if (frame.kind() == MessageKind.RETURNED) {
            takeBack(frame.number());
        } else {
            end(frame, child);
        }
        RemoteJob<?> first = given.peekFirst();
        if (first != null && first.told) {
            hurry(first);
        }
    }

    private void end(Frame frame, String child) throws IOException {
        RemoteJob<?> first = given.peekFirst();
        if (first == null || first.number != frame.number() || !frame.kind().isEnd()) {
            throw new IOException("a message of kind " + frame.kind() + " that nobody expects");
        }
        leave(given.removeFirst());
        recalled = false;
        answered++;
        ended++;
        first.answer(frame, child);
    }

    private void takeBack(long number) throws IOException {
        for (RemoteJob<?> each : given) {
            if (each.number == number) {
                given.remove(each);
                recalled &= !given.isEmpty();
                jobs--;
                giveBack(each);
                return;
            }
        }
        throw new IOException("work is given back that it does not have");
    }

    private void leave(RemoteJob<?> job) {
        job.holder = null;
        if (hurried == job) {
            hurried = null;
        }
    }

    private void giveBack(RemoteJob<?> job) {
        leave(job);
        putBack(job);
        if (job.isUnwanted()) {
            job.fail(neverBegun());
        }
    }

    static InterruptedException neverBegun() {
        return new InterruptedException("the work was given up before it began");
    }

    /**
     * The child is gone. Puts back what it had, but for the job whose turn it was.
     *
     * @return that job, which was {@link RemoteJob#told} to end if the child was killed for it; null if there was none
     */
    @Nullable RemoteJob<?> lose() {
        while (given.size() > 1) {
            giveBack(given.removeLast());
        }
        RemoteJob<?> first = given.pollFirst();
        if (first != null) {
            leave(first);
        }
        return first;
    }

    /** How many have ended that the queue has not heard of. */
    int takeEnded() {
        int count = ended;
        ended = 0;
        return count;
    }

    // ---- time ----

    private void setAlarm() {
        if (hurried != null) {
            setAlarm(hurriedNanos + graceNanos);
        } else if (given.size() > 1 && !recalled) {
            setAlarm(sinceNanos + LONG_NANOS);
        }
    }

    private void setAlarm(long atNanos) {
        if (!alarmed || atNanos - alarmNanos < 0) {
            alarmed = true;
            alarmNanos = atNanos;
            lookAt(atNanos);
        }
    }

    /** Looks at the clock. */
    void look() {
        alarmed = false;
        long now = nanoTime();
        if (hurried != null && now - hurriedNanos >= graceNanos) {
            doomed = true;
            kill();
            return;
        }
        if (now - sinceNanos >= LONG_NANOS) {
            recall();
        }
        setAlarm();
    }
}
