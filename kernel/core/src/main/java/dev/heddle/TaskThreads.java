package dev.heddle;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Thread factory whose threads are tasks of one group from their start: forks of the JDK's scopes, mostly. */
final class TaskThreads implements ThreadFactory {

    private final TaskGroup owner;
    private final @Nullable String name;

    TaskThreads(TaskGroup owner, @Nullable String name) {
        this.owner = owner;
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable body) {
        return owner.threadFor(name, body);
    }

    @Override
    public String toString() {
        return "threads of " + owner;
    }

    /** The body of a task that begins when somebody else starts its thread. */
    record Body(Runnable code) implements Action {

        @Override
        public void run() {
            code.run();
        }
    }
}
