package dev.heddle;

import dev.heddle.internal.Throwables;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The waits of tasks for completion stages of the JDK. */
final class CompletionStages {

    private CompletionStages() {}

    static <T> T await(CompletionStage<? extends T> stage) {
        var outcome = new Outcome<T>();
        var done = new Waiter(stage);
        Loop loop = Task.current().loop();
        CancelScope.throwIfCancelled();
        stage.whenComplete((value, failure) -> {
            outcome.value = value;
            outcome.failure = failure;
            done.complete();
        });
        loop.external.stages++;
        try {
            done.await();
        } finally {
            loop.external.stages--;
        }
        return outcome.get();
    }

    private static final class Outcome<T> {
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
