package dev.heddle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signal by which a task that {@link TaskGroup#start} started says that it is ready, and hands over what the
 * starter waits for: a port, a connection. For reports of deadlocks it is that task which will call it.
 *
 * @param <T> what is handed over
 */
public final class StartSignal<T extends @Nullable Object> {

    private final Waiter waiter = new Waiter(new Start());
    private @Nullable Task<?> task;
    private @Nullable Outcome<T> outcome;

    StartSignal() {}

    /**
     * Says that the task is ready; its starter goes on.
     *
     * @throws IllegalStateException the second time
     */
    public void started(T value) {
        if (!end(new Outcome.Success<>(value))) {
            throw new IllegalStateException("started(...) was called before");
        }
    }

    boolean isOpen() {
        return outcome == null;
    }

    /** The task ended before it was ready. */
    void failed(Throwable failure) {
        end(new Outcome.Failure<>(failure));
    }

    /** The task was cancelled before it was ready. */
    void cancelled(String reason) {
        end(new Outcome.Cancelled<>(reason));
    }

    private boolean end(Outcome<T> ended) {
        if (outcome != null) {
            return false;
        }
        outcome = ended;
        waiter.complete();
        return true;
    }

    /** Waits for the start or the end of the task; a cancel of the starter cancels the task, whose end is awaited. */
    Outcome<T> await(Task<?> task) {
        this.task = task;
        waiter.awaitDespiteCancel(() -> task.cancel("its starter was cancelled"));
        if (outcome == null) {
            throw new IllegalStateException("woken without an outcome");
        }
        return outcome;
    }

    /** What the starter waits for. */
    private final class Start implements HeldResource {
        @Override
        public List<Thread> holders() {
            Thread thread = task == null ? null : task.thread();
            return thread == null ? List.of() : List.of(thread);
        }

        @Override
        public String toString() {
            return "the start of " + (task == null ? "a task" : task);
        }
    }
}
