package dev.heddle;

import dev.heddle.internal.loop.EndListener;
import java.util.List;

/** One wait for the end of a task or a promise. */
final class JoinWait implements EndListener, HeldResource {

    final Waiter waiter = new Waiter(this);
    private final Joinable<?> joined;

    JoinWait(Joinable<?> joined) {
        this.joined = joined;
    }

    /**
     * Waits for the end of a task.
     *
     * <p>Cancellation: a cancelled call leaves the task as it is.
     */
    static void await(Task<?> task) {
        refuseSelf(task);
        CancelScope.throwIfCancelled();
        JoinWait joining = new JoinWait(task);
        task.listen(joining);
        try {
            joining.waiter.await();
        } finally {
            if (joining.leave()) {
                task.unlisten(joining);
            }
        }
    }

    /** The same for whoever has cancelled the task, or knows that it ends. */
    static void awaitDespiteCancel(Task<?> task) {
        JoinWait joining = new JoinWait(task);
        task.listen(joining);
        joining.waiter.awaitDespiteCancel(() -> {});
    }

    /** The wait is over; whether it was given up, so that nobody need tell of the end any more. */
    boolean leave() {
        waiter.cancel();
        return !waiter.isCompleted();
    }

    static void refuseSelf(Joinable<?> joined) {
        Task<?> current = Task.currentOrNull();
        if (current != null && joined == current) {
            throw new IllegalStateException(joined + " cannot join itself: it would wait for ever");
        }
    }

    @Override
    public void ended() {
        waiter.complete();
    }

    @Override
    public boolean isForgotten() {
        return !waiter.isOpen();
    }

    @Override
    public List<Thread> holders() {
        Thread thread = joined instanceof Task<?> task ? task.thread() : null;
        return thread == null ? List.of() : List.of(thread);
    }

    @Override
    public String toString() {
        return "joining " + joined;
    }
}
