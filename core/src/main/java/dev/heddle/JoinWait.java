package dev.heddle;

import java.util.List;

/** One wait for the end of a task or a promise. */
final class JoinWait implements EndListener, HasHolders {

    final Waiter waiter = new Waiter(this);
    private final Joinable<?> joined;

    JoinWait(Joinable<?> joined) {
        this.joined = joined;
    }

    @Override
    public void ended() {
        waiter.complete();
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
