package dev.heddle.cli.sight;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The guard of what a command writes while it waits for an answer: Ctrl-C and SIGTERM end the answer, and this JVM goes on
 * until the command has closed the guard, but not for long.
 *
 * <p>Threads: the command's; the JVM's at its end.
 */
final class StopGuard implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final Thread hook;
    private final CountDownLatch tidied = new CountDownLatch(1);
    private volatile boolean stopped;

    StopGuard(ProgramAnswer answer) {
        this.hook = new Thread(() -> stop(answer), "stop of the command");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop(ProgramAnswer answer) {
        stopped = true;
        answer.close();
        try {
            tidied.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // Then at once.
        }
    }

    /** Whether the answer ended since the command was told to. */
    boolean isStopped() {
        return stopped;
    }

    /** What was begun is whole, or gone. */
    @Override
    public void close() {
        tidied.countDown();
        if (!stopped) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // Just now.
            }
        }
    }
}
