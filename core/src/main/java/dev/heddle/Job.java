package dev.heddle;

import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.VirtualThreads;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** A body of a {@link WorkerPool} and its future. Runs with the scoped values of the code that submitted it. */
final class Job<T> extends FutureTask<T> {

    /** What the user gave, as {@code shutdownNow} gives it back. */
    final Runnable given;

    private final Crew crew;
    private final Object bindings = VirtualThreads.bindings();
    private final Consumer<? super Job<T>> onEnd;

    Job(Crew crew, Callable<T> body, Consumer<? super Job<T>> onEnd) {
        super(body);
        this.crew = crew;
        this.onEnd = onEnd;
        this.given = this;
    }

    /** A body of {@code execute}. */
    @SuppressWarnings("NullAway") // there is no result
    Job(Crew crew, Runnable given, Consumer<? super Job<T>> onEnd) {
        super(given, null);
        this.crew = crew;
        this.onEnd = onEnd;
        this.given = given;
    }

    /** Runs the body on a worker. */
    void work() {
        ScopedBindings.run(bindings, this);
    }

    /** A worker that waits for a job in the queue does it itself, since no other may ever come to it. */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone() && crew.isHere() && crew.forget(this)) {
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
            crew.forget(this);
        }
        onEnd.accept(this);
    }
}
