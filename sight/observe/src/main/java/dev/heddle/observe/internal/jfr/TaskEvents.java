package dev.heddle.observe.internal.jfr;

import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskWatch;
import java.util.concurrent.TimeUnit;

/**
 * The watch over the tasks of one loop while JFR records: their turns, timed by JFR's own clock, which is cheaper than
 * the system's, and their waits, which need no clock, since the kernel knows coarsely how long they were.
 */
final class TaskEvents implements TaskWatch {

    /** What the kernel does not tell from nothing. */
    private static final long COARSE_MILLIS = 10;

    private final String loop;
    private final EventTeller teller;

    /** The turn under way; the same for the next one, unless it is told. */
    private TaskRunEvent run = new TaskRunEvent();

    TaskEvents(String loop, EventTeller teller) {
        this.loop = loop;
        this.teller = teller;
    }

    @Override
    public void resumed(Task<?> task) {
        if (run.isEnabled()) { // else it would read the clock in vain, once it has been on in this process
            run.begin();
        }
    }

    @Override
    public void suspended(Task<?> task) {
        if (!run.isEnabled()) {
            return;
        }
        run.end();
        if (run.shouldCommit()) {
            run.task = task.name();
            run.id = task.id();
            run.loop = loop;
            teller.tell(run);
            run = new TaskRunEvent();
        }
    }

    @Override
    public void ready(Task<?> task, boolean here) {
        long waited = task.waitingTime().map(time -> TimeUnit.NANOSECONDS.toMillis(time.toNanos())).orElse(0L);
        if (waited < COARSE_MILLIS) {
            return;
        }
        var event = new TaskWaitEvent();
        event.waited = waited;
        if (event.shouldCommit()) {
            event.task = task.name();
            event.id = task.id();
            event.loop = loop;
            teller.tell(event, Kernel.get().waitsFor(task));
        }
    }
}
