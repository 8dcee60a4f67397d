package dev.heddle;

import dev.heddle.internal.Throwables;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a task or a promise, as a value: for code that wants failures beside results.
 *
 * <pre>{@code
 * for (Outcome<Page> each : gatherOutcomes(bodies)) {
 *     switch (each) {
 *         case Outcome.Success<Page>(Page page) -> show(page);
 *         case Outcome.Failure<Page>(Throwable error) -> log(error);
 *         case Outcome.Cancelled<Page>(String reason) -> log(reason);
 *     }
 * }
 * }</pre>
 *
 * @param <T> what a success gives
 */
public sealed interface Outcome<T extends @Nullable Object> {

    /** It ended with a result, which is null only where T says so. */
    record Success<T extends @Nullable Object>(T value) implements Outcome<T> {}

    /** It failed. */
    record Failure<T extends @Nullable Object>(Throwable error) implements Outcome<T> {
        public Failure {
            Objects.requireNonNull(error);
        }
    }

    /** It was cancelled. */
    record Cancelled<T extends @Nullable Object>(String reason) implements Outcome<T> {
        public Cancelled {
            Objects.requireNonNull(reason);
        }
    }

    /**
     * The result, or the failure thrown as {@link Joinable#join} would throw it.
     *
     * @throws TaskCancelledException if it was cancelled
     */
    default T get() {
        return switch (this) {
            case Success<T>(T value) -> value;
            case Failure<T>(Throwable error) -> throw Throwables.unchecked(error);
            case Cancelled<T>(String reason) -> throw new TaskCancelledException(reason);
        };
    }
}
