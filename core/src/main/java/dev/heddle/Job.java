package dev.heddle;

import dev.heddle.internal.AheadBody;
import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.VirtualThreads;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One body of a {@link WorkerPool}, and its future. Runs with the scoped values of the code that submitted it. */
final class Job<T> extends FutureTask<T> {

    /** What the user gave, as {@code shutdownNow} gives it back. */
    final Runnable given;

    /** The body, if it can be handed over before its turn. */
    final @Nullable AheadBody<?> ahead;

    /** Whether a worker has taken it before its turn; behind the threads' lock. */
    boolean isAhead;

    /** Whether nobody waits for it any more; behind the threads' lock. */
    boolean unwanted;

    private final WorkerThreads threads;
    private final Object bindings = VirtualThreads.bindings();
    private final Consumer<? super Job<T>> onEnd;

    Job(WorkerThreads threads, Callable<T> body, Consumer<? super Job<T>> onEnd) {
        super(body);
        this.threads = threads;
        this.onEnd = onEnd;
        this.given = this;
        this.ahead = ahead(body);
    }

    /** A body of {@code execute}. */
    @SuppressWarnings("NullAway") // there is no result
    Job(WorkerThreads threads, Runnable given, Consumer<? super Job<T>> onEnd) {
        super(given, null);
        this.threads = threads;
        this.onEnd = onEnd;
        this.given = given;
        this.ahead = null;
    }

    private static @Nullable AheadBody<?> ahead(Callable<?> body) {
        Callable<?> inner = body instanceof WorkerCall<?> call ? call.body() : body;
        return inner instanceof AheadBody<?> itself ? itself : null;
    }

    /** Runs the body on a worker. */
    void work() {
        ScopedBindings.run(bindings, this);
        if (ahead != null) {
            ahead.settle();
        }
    }

    /** A worker that waits for a job in the queue does it itself, since no other may ever come to it. */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone() && threads.isHere() && threads.forget(this)) {
            work();
        }
        return super.get();
    }

    /** Ends a job that never ran. */
    void fail(Throwable failure) {
        setException(failure);
    }

    @Override
    protected void done() {
        if (isCancelled()) {
            threads.abandon(this);
        }
        onEnd.accept(this);
    }
}
