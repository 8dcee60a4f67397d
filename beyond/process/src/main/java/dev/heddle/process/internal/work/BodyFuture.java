package dev.heddle.process.internal.work;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Outcome;
import dev.heddle.Results;
import dev.heddle.Waiter;
import dev.heddle.internal.Cancellation;
import dev.heddle.process.internal.Shielded;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.Output;
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
 * A body that is done elsewhere, encoded, and its future.
 *
 * <pre>
 *   queued ──▶ given to a process ──▶ answered ──who asks first decodes──▶ success or failure
 *     │  ▲         │  │
 *     │  └─returned┘  └──that is lost──▶ failure, or queued again
 *     │  └─────────────────shutdownNow of its pool──▶ given back: ended by a cancel only
 *     └──cancel──▶ cancelled, whatever the process still does
 * </pre>
 *
 * <p>An answer is decoded by who wants the result, so that neither a big value nor code of users keeps the loop of the
 * pool.
 *
 * <p>Threads: any.
 *
 * @param <T> the result
 */
public abstract class BodyFuture<T extends @Nullable Object> implements RunnableFuture<T>, Results.Started<T> {

    private final Marshaller marshaller;
    private final Function<@Nullable Object, T> result;

    /** Encoded; nothing at the end. */
    private volatile Output work;

    /** The answer as it came, a {@link Frame}, or its {@link Outcome}; null before the end. */
    private volatile @Nullable Object end;

    private volatile boolean unwanted;

    /** Whether a process is done with it, or none will begin it. */
    private volatile boolean over;

    /** Behind the monitor, as the end. */
    private boolean withdrawn;

    private volatile boolean awaited;
    private @Nullable List<Runnable> listeners;
    private String from = "";

    /**
     * @param result the result, of what the other process has given
     */
    protected BodyFuture(Output work, Marshaller marshaller, Function<@Nullable Object, T> result) {
        this.work = work;
        this.marshaller = marshaller;
        this.result = result;
    }

    /**
     * Nobody wants it any more: it is not done if it has not begun.
     *
     * @param hurry whether it must end soon if it has begun
     */
    protected abstract void unwanted(boolean hurry);

    /** What its caller waits for, for people. */
    protected abstract Object waitedFor();

    /** Says, best before it is queued, that a call of its pool waits for it, and must hear of a shutdown. */
    public void awaited() {
        awaited = true;
    }

    public Output work() {
        return work;
    }

    /** Whether its turn has been, whatever became of it; one that is only cancelled may still run. */
    public boolean isOver() {
        return over;
    }

    public boolean isUnwanted() {
        return unwanted || end != null;
    }

    // ---- the end ----

    /** The process has answered, which is the end if it was not cancelled before. */
    public void answer(Frame frame, String by) {
        from = by;
        over = true;
        end(frame);
    }

    public void fail(Throwable why) {
        over = true;
        end(new Outcome.Failure<T>(why));
    }

    /** As at the end of its pool, before it began. */
    public boolean cancel(String reason) {
        return end(new Outcome.Cancelled<T>(reason));
    }

    /** Gives it back to its user, if no call of its pool waits for it: it is not done, and only a cancel ends it. */
    public boolean withdraw() {
        if (awaited) {
            return false;
        }
        synchronized (this) {
            withdrawn = true;
        }
        unwanted = true;
        return true;
    }

    /**
     * Takes it back if it has surely not begun, so that it may be done elsewhere; it ends by a cancel then.
     *
     * @return whether it has not begun, and will not
     */
    public boolean takeBack() {
        return false;
    }

    /** Who waits for it does no more: it ends soon, by an answer that it still gives or without one. */
    public void giveUp() {
        unwanted = true;
        unwanted(true);
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
    public void onEnd(Runnable listener) {
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
    protected void doHere() {
        try {
            end(new Outcome.Success<>(result.apply(marshaller.doHere(work))));
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** As {@link #doHere}, where the answer is passed on. */
    protected void relayHere() {
        answer(marshaller.relayHere(work), "here");
    }

    // ---- for who wants the result ----

    /** The answer as it came, which nobody has decoded; null if there is none. */
    public @Nullable Frame frame() {
        return end instanceof Frame answer ? answer : null;
    }

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
            return new Outcome.Success<>(result.apply(marshaller.decode(answer, from)));
        } catch (Throwable e) {
            return new Outcome.Failure<>(e);
        }
    }

    /**
     * Waits for its end, whatever happens to the caller, and gives its result or throws its failure.
     *
     * <p>Cancellation: gives it up; a result that it still has is given.
     */
    public T join() {
        try {
            await(null);
        } catch (CancelledException e) {
            giveUp();
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
        var waiter = new Waiter(waitedFor());
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
            throw new IllegalStateException("only another process can run it");
        }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        if (!cancel("its future was cancelled")) {
            return false;
        }
        unwanted(mayInterrupt);
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
}
