package dev.heddle;

import dev.heddle.internal.Throwables;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Completion stages of the JDK: those that a task waits for, and those that others wait for a task or promise with. */
final class CompletionStages {

    private CompletionStages() {}

    static <T> T await(CompletionStage<? extends T> stage) {
        if (stage instanceof Adapter<?> adapter) {
            adapter.refuseSelf();
        }
        Given<T> given = new Given<>();
        Waiter done = new Waiter(stage);
        Loop loop = Task.current().loop();
        CancelScope.throwIfCancelled();
        stage.whenComplete((value, failure) -> {
            given.value = value;
            given.failure = failure;
            done.complete();
        });
        loop.external.stages++;
        try {
            done.await();
        } finally {
            loop.external.stages--;
        }
        return given.get();
    }

    /** A future whose holder may cancel what it stands for. */
    static <T extends @Nullable Object> CompletableFuture<T> future(Joinable<T> joined, Consumer<String> cancel) {
        return new Adapter<>(joined, cancel);
    }

    /**
     * Ends a future as what it stands for has ended; calls code of users here and now.
     *
     * @param behind what was behind a cancel; null for nothing more than its reason
     */
    static <T extends @Nullable Object> void settle(
            CompletableFuture<T> future, Outcome<T> outcome, @Nullable Throwable behind) {
        switch (outcome) {
            case Outcome.Success<T>(T value) -> future.complete(value);
            case Outcome.Failure<T>(Throwable error) -> future.completeExceptionally(error);
            case Outcome.Cancelled<T>(String reason) -> {
                var cancel = new CancellationException(reason);
                cancel.initCause(behind);
                future.completeExceptionally(cancel);
            }
        }
    }

    /** A task or promise as a future. A task that waits for its own would wait for ever. */
    private static final class Adapter<T extends @Nullable Object> extends CompletableFuture<T> {
        private final Joinable<T> joined;
        private final Consumer<String> cancel;

        Adapter(Joinable<T> joined, Consumer<String> cancel) {
            this.joined = joined;
            this.cancel = cancel;
        }

        void refuseSelf() {
            if (!isDone()) {
                JoinWait.refuseSelf(joined);
            }
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            refuseSelf();
            return super.get();
        }

        @Override
        public T join() {
            refuseSelf();
            return super.join();
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            cancel.accept("its future was cancelled");
            return super.cancel(mayInterrupt);
        }
    }

    /** What a stage has given so far. */
    private static final class Given<T> {
        private @Nullable T value;
        private @Nullable Throwable failure;

        @SuppressWarnings("NullAway") // a stage may give null, and T then says so
        T get() {
            if (failure == null) {
                return value;
            }
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure;
            if (cause instanceof CancellationException) {
                throw new TaskCancelledException("the awaited stage was cancelled", cause);
            }
            throw Throwables.unchecked(cause);
        }
    }
}
