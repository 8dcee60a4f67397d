package dev.heddle.sync;

import dev.heddle.Task;

/** The names of tasks and threads for people. */
final class TaskNames {

    private TaskNames() {}

    static String of(Thread thread) {
        return Task.ofThread(thread)
                .map(task -> "task " + task.name())
                .orElseGet(() -> "thread " + (thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName()));
    }
}
