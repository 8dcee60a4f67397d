package dev.heddle.process;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Outcome;
import dev.heddle.Results;
import dev.heddle.Waiter;
import dev.heddle.internal.Cancellation;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.WaitHints;
import dev.heddle.process.internal.Shielded;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work for a child, encoded, and its future.
 *
 * <pre>
 *   queued ──▶ given to a child ──▶ answered ──who asks first decodes──▶ success or failure
 *     │  ▲         │  │
 *     │  └─returned┘  └──its child dies──▶ failure, or queued again
 *     │  └─────────────────shutdownNow of its pool──▶ given back: ended by a cancel only
 *     └──cancel──▶ cancelled, whatever the child still does
 * </pre>
 *
 * <p>An answer is decoded by who wants the result, so that neither a big value nor code of users keeps the loop of the
 * pool.
 *
 * <p>Threads: any, but what is said to be the loop's.
 *
 * @param <T> the result
 */
final class RemoteJob<T extends @Nullable Object> implements RunnableFuture<T>, Results.Started<T> {

    /** Who has it done. */
    interface Owner {

        /**
         * Nobody wants it any more: it is not done if it has not begun.
         *
         * @param hurry whether it must end soon if it has begun
         */
        void unwanted(RemoteJob<?> job, boolean hurry);
    }

    /** For a job whose child has no other. */
    static final Owner NOBODY = (job, hurry) -> {};

    /** Longer ones wait for their turn: what a child has early must fit into the socket. */
    private static final int LIGHT_BYTES = 2048;

    private final Marshaller marshaller;
    private final Owner owner;
    private final Function<@Nullable Object, T> result;

    /** The class of the body. */
    private final Class<?> body;

    /** Encoded; nothing at the end. */
    private volatile Output work;

    /** The answer as it came, a {@link Frame}, or its {@link Outcome}; null before the end. */
    private volatile @Nullable Object end;

    private volatile boolean unwanted;

    /** Whether a child is done with it, or none will begin it. */
    private volatile boolean over;

    /** Behind the monitor, as the end. */
    private boolean withdrawn;

    private boolean awaited;
    private @Nullable List<Runnable> listeners;
    private String child = "";

    // ---- behind the lock of its queue ----

    /** When it was queued, and when a child got it; the last time. */
    long queuedNanos;

    long givenNanos;

    // ---- the loop's ----

    /** How often it may still be tried. */
    int attempts;

    /** The child that has it; null before and after. */
    @Nullable JobPipeline holder;

    /** By which the child knows it. */
    long number;

    /** Whether the child was told to stop it. */
    boolean told;

    /** One whose result is what the child gives; otherwise as the other constructor. */
    @SuppressWarnings({"unchecked", "NullAway"}) // a body may give null where its type lets it
    RemoteJob(Output work, Marshaller marshaller, Owner owner, int attempts) {
        this(Work.class, work, marshaller, owner, attempts, given -> (T) given);
    }

    /**
     * @param body its class, for people
     * @param attempts how often it may be tried, each time with another child, if children die
     * @param result the result, of what the child has given
     */
    RemoteJob(
            Class<?> body, Output work, Marshaller marshaller, Owner owner, int attempts,
            Function<@Nullable Object, T> result) {
        this.body = body;
        this.work = work;
        this.marshaller = marshaller;
        this.owner = owner;
        this.attempts = attempts;
        this.result = result;
    }

    /** Says before it is queued that a call of its pool waits for it, and must hear of a shutdown. */
    RemoteJob<T> awaited() {
        awaited = true;
        return this;
    }

    Output work() {
        return work;
    }

    boolean isLight() {
        return work.size() <= LIGHT_BYTES;
    }

    /** Whether its turn has been, whatever became of it; one that is only cancelled may still run. */
    boolean isOver() {
        return over;
    }

    boolean isUnwanted() {
        return unwanted || end != null;
    }

    // ---- the end ----

    /** The child has answered, which is the end if it was not cancelled before. */
    void answer(Frame frame, String by) {
        child = by;
        over = true;
        end(frame);
    }

    void fail(Throwable why) {
        over = true;
        end(new Outcome.Failure<T>(why));
    }

    /** As at the end of its pool, before it began. */
    boolean cancel(String reason) {
        return end(new Outcome.Cancelled<T>(reason));
    }

    /** Gives it back to its user, if no call of its pool waits for it: it is not done, and only a cancel ends it. */
    boolean withdraw() {
        if (awaited) {
            return false;
        }
        synchronized (this) {
            withdrawn = true;
        }
        unwanted = true;
        return true;
    }

    private boolean end(Object how) {
        List<Runnable> told;
        synchronized (this) {
            if (end != null || (withdrawn && !(how instanceof Outcome.Cancelled))) {
                return false;
            }
            end = how;
            told = listeners;
            listeners = null;
        }
        work = Output.NOTHING;
        if (told != null) {
            told.forEach(Runnable::run);
        }
        return true;
    }

    /** Has somebody told of the end, at once if it was before. */
    void onEnd(Runnable listener) {
        synchronized (this) {
            if (end == null) {
                if (listeners == null) {
                    listeners = new ArrayList<>(1);
                }
                listeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    private synchronized void forget(Runnable listener) {
        if (listeners != null) {
            listeners.remove(listener);
        }
    }

    /** Does it in the calling task, as in a simulation. */
    void doHere() {
        try {
            end(new Outcome.Success<>(result.apply(marshaller.doHere(work))));
        } catch (Throwable e) {
            fail(e);
        }
    }

    // ---- for who wants the result ----

    /** What has become of it; after the end. */
    @Override
    @SuppressWarnings("unchecked")
    public Outcome<T> outcome() {
        Object how = Objects.requireNonNull(end);
        if (!(how instanceof Frame answer)) {
            return (Outcome<T>) how;
        }
        Outcome<T> decoded = decode(answer);
        synchronized (this) {
            if (end instanceof Frame) {
                end = decoded;
            }
            return (Outcome<T>) Objects.requireNonNull(end);
        }
    }

    private Outcome<T> decode(Frame answer) {
        try {
            return new Outcome.Success<>(result.apply(marshaller.decode(answer, child)));
        } catch (Throwable e) {
            return new Outcome.Failure<>(e);
        }
    }

    /**
     * Waits for its end, whatever happens to the caller, and gives its result or throws its failure.
     *
     * <p>Cancellation: gives it up; a result that it still has is given.
     */
    T join() {
        try {
            await(null);
        } catch (CancelledException e) {
            unwanted = true;
            owner.unwanted(this, true);
            Shielded.get(() -> await(null));
            Outcome<T> late = outcome();
            if (late instanceof Outcome.Cancelled
                    || (late instanceof Outcome.Failure<T>(Throwable why) && Cancellation.isCancellation(why))) {
                throw e;
            }
        }
        return outcome().get();
    }

    /** Whether it ends within a time; null for no limit. */
    private boolean await(@Nullable Duration limit) {
        if (end != null) {
            return true;
        }
        var waiter = new Waiter(new InChild());
        Runnable listener = waiter::complete;
        onEnd(listener);
        try {
            if (limit != null) {
                return waiter.awaitWithin(limit);
            }
            waiter.await();
            return true;
        } finally {
            if (!waiter.isCompleted()) {
                forget(listener);
            }
        }
    }

    // ---- Future ----

    /** For {@code shutdownNow}, which gives those that have not begun. */
    @Override
    public void run() {
        if (!isDone()) {
            throw new IllegalStateException("only a child can run it");
        }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        if (!cancel("its future was cancelled")) {
            return false;
        }
        owner.unwanted(this, mayInterrupt);
        return true;
    }

    @Override
    public void cancel() {
        cancel(true);
    }

    @Override
    public boolean isCancelled() {
        return end instanceof Outcome.Cancelled;
    }

    @Override
    public boolean isDone() {
        return end != null;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        try {
            await(null);
        } catch (CancelledException e) {
            throw CancelScope.asInterrupt(e);
        }
        return result();
    }

    @Override
    public T get(long limit, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            if (!await(Duration.ofNanos(Math.max(0, unit.toNanos(limit))))) {
                throw new TimeoutException("the body has not ended in time");
            }
        } catch (CancelledException e) {
            throw CancelScope.asInterrupt(e);
        }
        return result();
    }

    private T result() throws ExecutionException {
        return switch (outcome()) {
            case Outcome.Success<T>(T value) -> value;
            case Outcome.Failure<T>(Throwable why) -> throw new ExecutionException(why);
            case Outcome.Cancelled<T>(String reason) -> throw new CancellationException(reason);
        };
    }

    @Override
    public String toString() {
        Object how = end;
        return "a body for a child process" + (how == null ? "" : ", " + (isCancelled() ? "cancelled" : "ended"));
    }

    /** The child that has it; 0 for none. Any thread. */
    private long process() {
        JobPipeline mine = holder;
        return mine == null ? 0 : mine.pid();
    }

    /** It as one whose turn it is. Behind the lock of its queue. */
    PartDetail.Holder asHolder(long now) {
        // A lambda's class has its maker's name in front: com.acme.Shop$$Lambda/0x1234.
        String type = body.getName().replaceFirst("\\$\\$Lambda.*", "");
        String who = "a body of " + type.substring(type.lastIndexOf('.') + 1);
        long process = process();
        return new PartDetail.Holder(process == 0 ? who + ", not begun" : who, process, now - givenNanos, null);
    }

    /** What its caller waits for. Says the process only while one has it, whichever that is. */
    private final class InChild implements WaitHints {

        @Override
        public long process() {
            return RemoteJob.this.process();
        }

        @Override
        public String toString() {
            long process = process();
            return "a body in a child process" + (process == 0 ? ", not begun" : " (" + process + ")");
        }
    }
}
