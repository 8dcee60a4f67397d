package dev.heddle;

import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.Throwables;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
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
        Dependent dependent = Dependent.of(stage);
        dependent.stage.whenComplete((value, failure) -> {
            given.take(value, failure);
            done.complete();
        });
        loop.external.stages++;
        try {
            done.await();
        } finally {
            loop.external.stages--;
            if (!done.isCompleted()) {
                dependent.leave();
            }
        }
        return given.get();
    }

    /**
     * What a wait hangs on a stage. A future of the JDK keeps what was hung on it until it ends; only a dead part of
     * its {@link CompletableFuture#anyOf} does it let go of, when another such part ends.
     *
     * @param stage what tells of the end
     * @param dead the same where it can be ended before; null where not
     * @param sweep ends to have the future let go of what is dead; null where that is not known
     */
    @AsksSystem("how often it sweeps nobody sees, and any thread completes it")
    private record Dependent(CompletionStage<?> stage, @Nullable CompletableFuture<Object> dead,
            @Nullable CompletableFuture<Object> sweep) {

        /** A future walks along all that hang on it to let go of the dead, so this is done once for so many. */
        private static final int SWEEP_EVERY = 64;

        static Dependent of(CompletionStage<?> stage) {
            if (!(stage instanceof CompletableFuture<?> future) || future.isDone()) {
                return new Dependent(stage, null, null);
            }
            var sweep = new CompletableFuture<Object>();
            CompletableFuture<Object> either = CompletableFuture.anyOf(future, sweep);
            return new Dependent(either, either, sweep);
        }

        /** Nobody waits any more. */
        void leave() {
            if (sweep == null || dead == null) {
                return;
            }
            // No cancel: its exception and stack would be kept, too.
            (ThreadLocalRandom.current().nextInt(SWEEP_EVERY) == 0 ? sweep : dead).complete(null);
        }
    }

    /** A future whose holder may cancel what it stands for. */
    static <T extends @Nullable Object> CompletableFuture<T> future(Joinable<T> joined, Consumer<String> cancel) {
        return new Adapter<>(joined, cancel);
    }

    /** Has somebody told of a future that ends before what it stands for, by a time limit of its holder perhaps. */
    static void whenLeft(Joinable<?> joined, CompletableFuture<?> future, Runnable left) {
        if (!joined.isDone()) {
            var _ = future.whenComplete((value, failure) -> {
                if (!joined.isDone()) {
                    left.run();
                }
            });
        }
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

        @SuppressWarnings("unchecked") // a stage of T
        void take(@Nullable Object value, @Nullable Throwable failure) {
            this.value = (T) value;
            this.failure = failure;
        }

        @SuppressWarnings("NullAway") // a stage may give null, and T then says so
        T get() {
            if (failure == null) {
                return value;
            }
            Throwable inner = failure instanceof CompletionException ? Throwables.cause(failure) : null;
            Throwable cause = inner == null ? failure : inner;
            if (cause instanceof CancellationException) {
                throw new TaskCancelledException("the awaited stage was cancelled", cause);
            }
            throw Throwables.unchecked(cause);
        }
    }
}
