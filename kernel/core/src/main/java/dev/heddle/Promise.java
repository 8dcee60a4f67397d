package dev.heddle;

import dev.heddle.internal.Handles;
import dev.heddle.internal.loop.EndListener;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that somebody sets once and anybody waits for.
 *
 * <pre>{@code
 * Promise<Config> config = new Promise<>();
 * spawn(() -> config.complete(load()));
 * serve(config.join());
 * }</pre>
 *
 * <p>A task is the better choice where one body gives the result, since its failure cannot be forgotten. A promise is
 * for results that come from elsewhere: a callback, a reply matched to its request, another thread.
 *
 * <pre>
 *   open ──complete, fail or cancel; the first decides──▶ ended
 * </pre>
 *
 * <p>Threads: everything may be called from any task or thread. No locks: listeners wait in a queue that whoever
 * decides drains, and after it whoever comes later. To test code that uses it, run it in the simulator.
 *
 * @param <T> what it gives
 */
public final class Promise<T extends @Nullable Object> implements Joinable<T> {

    private static final VarHandle OUTCOME = Handles.of(
            MethodHandles.lookup(), Promise.class, "outcome", Outcome.class);

    private static final VarHandle FORGOTTEN = Handles.of(MethodHandles.lookup(), Promise.class, "forgotten",
            int.class);

    private final Queue<EndListener> listeners = new ConcurrentLinkedQueue<>();

    /** Calls to {@link #tell} that have begun; only the first drains, so that listeners are told in order. */
    private final AtomicInteger telling = new AtomicInteger();

    private volatile @Nullable Outcome<T> outcome;

    /** Listeners that were perhaps forgotten since the last sweep. */
    @SuppressWarnings("UnusedVariable") // by FORGOTTEN
    private volatile int forgotten;

    /** With so many the forgotten ones are dropped; as many as the last sweep has kept, so that each costs the same. */
    private volatile int sweepAt = 1;

    /** Makes an open promise. */
    public Promise() {}

    // ---- keeping it ----

    /**
     * Gives the result.
     *
     * @throws IllegalStateException if the promise has ended
     */
    public void complete(T value) {
        requireFirst(tryComplete(value));
    }

    /** Gives the result if the promise is open, and says whether it was. */
    public boolean tryComplete(T value) {
        return decide(new Outcome.Success<>(value));
    }

    /**
     * Lets it fail.
     *
     * @throws IllegalStateException if the promise has ended
     */
    public void fail(Throwable error) {
        requireFirst(tryFail(error));
    }

    /** Lets it fail if it is open, and says whether it was. */
    public boolean tryFail(Throwable error) {
        return decide(new Outcome.Failure<>(error));
    }

    /** Says that no result will come; who joins gets a {@link TaskCancelledException}. Does nothing if it has ended. */
    public boolean cancel(String reason) {
        return decide(new Outcome.Cancelled<>("the promise was cancelled: " + Objects.requireNonNull(reason)));
    }

    private boolean decide(Outcome<T> decided) {
        if (!OUTCOME.compareAndSet(this, null, decided)) {
            return false;
        }
        tell();
        return true;
    }

    private void requireFirst(boolean first) {
        if (!first) {
            throw new IllegalStateException("the promise has ended before: " + outcome);
        }
    }

    // ---- waiting for it ----

    @Override
    public T join() {
        return awaitOutcome().get();
    }

    @Override
    public Outcome<T> awaitOutcome() {
        Outcome<T> ended = outcome;
        if (ended != null && !(ended instanceof Outcome.Cancelled)) {
            return ended;
        }
        CancelScope.throwIfCancelled();
        var joining = new JoinWait(this);
        addListener(joining);
        try {
            joining.waiter.await();
        } finally {
            if (joining.leave()) {
                forgetListener();
            }
        }
        return Objects.requireNonNull(outcome);
    }

    @Override
    public boolean isDone() {
        return outcome != null;
    }

    @Override
    public Optional<Throwable> failure() {
        return outcome instanceof Outcome.Failure<T>(Throwable error) ? Optional.of(error) : Optional.empty();
    }

    /**
     * Calls back at the end, in the order of registration, as a callback of the calling code's loop; also if it has
     * ended already. On a thread of the JDK's own if the loop has ended until then. A callback that throws is reported
     * and stops no other.
     *
     * @return takes the callback back
     * @throws IllegalStateException outside of loops; use {@link #toCompletableFuture} there
     */
    public Handle onDone(Consumer<? super Promise<T>> callback) {
        Objects.requireNonNull(callback);
        Loop loop = Heddle.currentLoop();
        var listener = new DoneCallback(loop, () -> callback.accept(this), cancelled -> forgetListener());
        addListener(listener);
        return listener.handle;
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> future = CompletionStages.future(this, this::cancel);
        var settling = new Settling(future);
        addListener(settling);
        CompletionStages.whenLeft(this, future, this::forgetListener);
        return future;
    }

    /** Tells somebody of the end; now, if it was before. */
    void addListener(EndListener listener) {
        listeners.add(listener);
        if (outcome != null) {
            tell();
        }
    }

    /** One is {@linkplain EndListener#isForgotten forgotten}, or may be: it is dropped with others, in time. */
    void forgetListener() {
        if ((int) FORGOTTEN.getAndAdd(this, 1) + 1 >= sweepAt) {
            FORGOTTEN.setVolatile(this, 0);
            var kept = new AtomicInteger();
            listeners.removeIf(each -> {
                boolean drop = each.isForgotten();
                kept.addAndGet(drop ? 0 : 1);
                return drop;
            });
            sweepAt = Math.max(1, kept.get());
        }
    }

    /** How many are to be told; for tests. */
    int listeners() {
        return listeners.size();
    }

    private void tell() {
        if (telling.getAndIncrement() > 0) {
            return;
        }
        List<EndListener> futures = new ArrayList<>(0);
        int told = 1;
        do {
            for (EndListener next = listeners.poll(); next != null; next = listeners.poll()) {
                if (next instanceof Promise<?>.Settling) {
                    futures.add(next);
                } else {
                    next.ended();
                }
            }
            told = telling.addAndGet(-told);
        } while (told > 0);
        futures.forEach(EndListener::ended);
    }

    /**
     * Ends a future, which calls code of users here and now. So it comes last, when nobody else is kept waiting by
     * that.
     */
    private final class Settling implements EndListener {
        private final CompletableFuture<T> future;

        Settling(CompletableFuture<T> future) {
            this.future = future;
        }

        @Override
        public void ended() {
            CompletionStages.settle(future, Objects.requireNonNull(outcome), null);
        }

        @Override
        public boolean isForgotten() {
            return future.isDone();
        }
    }

    @Override
    public String toString() {
        Outcome<T> ended = outcome;
        return ended == null ? "an open promise" : "a promise that ended with " + ended;
    }
}
