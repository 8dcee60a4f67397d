package dev.heddle.process;

import dev.heddle.FailureHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way of one child's lines to their listener. That is code of users: what it throws keeps the child from nothing,
 * and the log has the first of it.
 *
 * <p>Threads: any.
 */
final class ChildOutput {

    private final String name;
    private final WorkerOutput listener;
    private final Set<Thread> printing = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean failed = new AtomicBoolean();

    ChildOutput(String name, WorkerOutput listener) {
        this.name = name;
        this.listener = listener;
    }

    /** Whether the child writes to the streams of this process itself. */
    boolean isInherited() {
        return listener == WorkerOutput.INHERITED;
    }

    void print(boolean error, String line) {
        Thread here = Thread.currentThread();
        printing.add(here);
        try {
            listener.printed(name, error, line);
        } catch (Throwable e) {
            if (failed.compareAndSet(false, true)) {
                FailureHandler.LOG.failed("the output of " + name + " has failed; more of it is not told", e);
            }
        } finally {
            printing.remove(here);
        }
    }

    /** Whether the calling code is the listener, for which the child may have to wait. */
    boolean isPrintingHere() {
        return printing.contains(Thread.currentThread());
    }
}
