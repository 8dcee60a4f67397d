package dev.heddle.cluster.internal;

import dev.heddle.BrokenException;
import dev.heddle.FailureHandler;
import dev.heddle.Task;

/** Tasks and threads that hold something: their names, and what is said when they end with it. */
public final class Holders {

    private Holders() {}

    /** The name of a task or thread, for people. */
    public static String name(Thread thread) {
        return Task.ofThread(thread)
                .map(task -> "task " + task.name())
                .orElseGet(() -> "thread " + (thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName()));
    }

    /**
     * Reports that a holder has ended without releasing, which was done for it: as a failure of a callback of its loop,
     * if it was a task.
     */
    public static void reportEnded(String what, Thread ended, boolean goesOn) {
        BrokenException failure = new BrokenException((goesOn ? "a body on " : "") + name(ended)
                + " ended without releasing " + what + "; it was released for it");
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
        FailureHandler.LOG.failed(what + " has lost a holder", failure);
    }
}
