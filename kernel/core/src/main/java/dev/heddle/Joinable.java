package dev.heddle;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A value to come that can be joined: a {@link Task}, or a {@link Promise} that somebody keeps.
 *
 * @param <T> what it gives
 */
public sealed interface Joinable<T extends @Nullable Object> permits Task, Promise {

    /**
     * Waits for the end and gives the result. An unchecked exception is thrown as it is, a checked one as the cause of
     * a {@link TaskFailedException}. What has ended answers at once, even to a cancelled caller: its result is
     * committed. To wait for a time only: {@code timeout(duration, task::join)}. A cancel that reached both is the
     * caller's: it throws {@link CancelledException}, as there is no result to deliver.
     *
     * <p>Cancellation: a cancelled call leaves a task running and a promise open.
     *
     * @throws TaskCancelledException if the task or promise was cancelled
     * @throws CancelledException if the caller's scope is cancelled while waiting
     * @throws IllegalStateException if a task joins itself
     */
    T join();

    /**
     * Waits for the end and gives it as a value, also a failure. Otherwise as {@link #join}.
     *
     * @throws CancelledException if the caller's scope is cancelled while waiting
     */
    Outcome<T> awaitOutcome();

    /** Whether it has ended. */
    boolean isDone();

    /** Why it failed; empty if it has not. */
    Optional<Throwable> failure();

    /**
     * It as a future, for code that wants one. Cancelling the future cancels it. A task that waits for the future of
     * itself is refused as by {@link #join}. Each future is kept until its end, also one that was dropped, since a step
     * behind it may count on it: ask for one, not for thousands.
     */
    CompletableFuture<T> toCompletableFuture();
}
