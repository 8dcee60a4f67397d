package dev.heddle.process;

import java.util.Optional;

/**
 * The body of a {@link JvmProcess} in its JVM. Ends the JVM as the end of {@code main} would: after the last thread
 * that is no daemon.
 *
 * @param name of the child
 */
record Spawned(String name, RemoteAction body) implements RemoteAction {

    private static final int FAILED = 1;

    @Override
    public void act() {
        int code = 0;
        try {
            body.act();
        } catch (Throwable e) {
            print(name, ProcessHandle.current().pid(), e);
            code = FAILED;
        }
        for (Optional<Thread> other = other(); other.isPresent(); other = other()) {
            awaitEnd(other.get());
        }
        System.exit(code);
    }

    /** Says what a body has thrown, as a JVM says it of a thread. */
    static void print(String name, long pid, Throwable failure) {
        System.err.print("Exception in " + name + " (process " + pid + ") ");
        failure.printStackTrace();
    }

    private static Optional<Thread> other() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
                .findAny();
    }

    @SuppressWarnings("ThreadJoinLoop") // the caller's is one
    private static void awaitEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The body has ended, so it cannot be meant, and the thread is looked for again.
        }
    }
}
