package dev.heddle.internal;

import dev.heddle.BrokenException;
import dev.heddle.FailureHandler;
import dev.heddle.Task;

/** The tasks and threads that hold something: their names, and what is told when they end with it. */
public final class Holders {

    private Holders() {}

    /** The name of a task or thread, for people. */
    public static String name(Thread thread) {
        return Task.ofThread(thread)
                .map(task -> "task " + task.name())
                .orElseGet(() -> "thread " + (thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName()));
    }

    /**
     * What has ended there, for people.
     *
     * @param goesOn whether it was only a body, and its thread goes on to others
     */
    public static String ended(Thread thread, boolean goesOn) {
        return (goesOn ? "a body on " : "") + name(thread);
    }

    /** Whether it has; a task's thread lives on for a moment after those who joined the task have gone on. */
    public static boolean hasEnded(Thread thread) {
        return !thread.isAlive() || Task.ofThread(thread).filter(Task::isDone).isPresent();
    }

    /**
     * Reports that a holder has ended with what it held: as a failure of a callback of its loop, if it was a task.
     *
     * @param words for whoever looks for the holder
     * @param lost what is said to the log of one that was no task, or whose loop has ended too
     */
    public static void report(Thread ended, String words, String lost) {
        BrokenException failure = new BrokenException(words);
        try {
            Task<?> task = Task.ofThread(ended).orElse(null);
            if (task != null) {
                task.spawnedAt().ifPresent(line -> failure.setStackTrace(new StackTraceElement[]{line}));
                task.loop().callFromThread(() -> {
                    throw failure;
                });
                return;
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e); // the loop has ended
        }
        FailureHandler.LOG.failed(lost, failure);
    }
}
