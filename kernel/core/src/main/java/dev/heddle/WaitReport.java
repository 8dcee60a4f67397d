package dev.heddle;

import dev.heddle.internal.UserLine;
import dev.heddle.internal.diagnosis.WaitPage;
import dev.heddle.internal.diagnosis.WaitTexts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A report of who waits for what: tasks of all loops and threads, what each waits for, who holds it, and where in the
 * code. Cycles, in which each waits for the next and none can go on, come first.
 *
 * <pre>{@code
 * IO.println(WaitReport.capture());          // a page for people
 * }</pre>
 *
 * <p>Known are the waits of Heddle, {@code synchronized} and the locks of {@code java.util.concurrent.locks}, for tasks
 * and for threads. A thread that waits for nothing that is held, such as an idle one of a pool, is not listed.
 *
 * <p>Nobody has to ask for it when it matters. A loop's watchdog looks for cycles by itself and tells the {@link
 * Config#failureHandler} of each new one, if {@link Config#blockedAfter} is not zero; of one that a deadline will end,
 * only when it has lasted for 10 s. In a simulation the {@link DeadlockException} has the page. {@code kill -QUIT}
 * prints it, too, if the JVM runs with {@code -Dheddle.sigquit=true}.
 *
 * <p>Threads: any. To test code for deadlocks, run it in the simulator in many orders.
 *
 * @param cycles each a round of waits, the last one for the first
 * @param starved the loops that do not answer because something holds them; their tasks are not in the report
 * @param waits what else waits: tasks loop by loop, owners before what they own, then threads
 * @param leftOut how many waits are not listed because there are too many
 */
public record WaitReport(List<List<Wait>> cycles, List<StarvedLoop> starved, List<Wait> waits, long leftOut) {

    public WaitReport {
        cycles = cycles.stream().map(List::copyOf).toList();
        starved = List.copyOf(starved);
        waits = List.copyOf(waits);
    }

    /** What kind of thing is waited for. */
    public enum Kind {
        /** The end of a task, of a thread, or of work on one. */
        TASK,
        /** The end of a group's tasks. */
        GROUP,
        /** A lock or another thing that somebody holds. */
        LOCK,
        /** The monitor of an object: {@code synchronized}. */
        MONITOR,
        /** A {@code notify} of an object or a signal of a condition. */
        NOTIFY,
        /** Anything else: a time, bytes, an element. */
        OTHER
    }

    /**
     * One task or thread that waits.
     *
     * @param who the task or thread
     * @param kind the kind of what it waits for
     * @param what what it waits for
     * @param holders who could end the wait; empty if not known
     * @param waited for how long, coarsely; zero if not known, as for threads
     * @param limited whether a deadline ends the wait
     * @param spawnedAt the line where the task was spawned; empty if it is no task or not known
     * @param stack its stack, innermost frame first
     */
    public record Wait(
            String who,
            Kind kind,
            String what,
            List<String> holders,
            Duration waited,
            boolean limited,
            String spawnedAt,
            List<StackTraceElement> stack) {

        public Wait {
            holders = List.copyOf(holders);
            stack = List.copyOf(stack);
        }

        /** The line of the user's code that waits: the innermost one outside of the JDK and Heddle. */
        public Optional<StackTraceElement> line() {
            return UserLine.orOursIn(stack);
        }

        /** The wait for people, in a few lines. */
        @Override
        public String toString() {
            return WaitPage.of(this);
        }
    }

    /**
     * A loop whose tasks cannot run.
     *
     * @param loop its name
     * @param heldBy the task or callback that does not give way
     * @param stack the stack of that, innermost frame first
     */
    public record StarvedLoop(String loop, String heldBy, List<StackTraceElement> stack) {

        public StarvedLoop {
            stack = List.copyOf(stack);
        }
    }

    /**
     * Looks at all loops of the process and at all threads. Waits up to a second for loops that do not answer. The
     * loops answer at once, but to put the answers into words takes a while; a task of a busy loop asks by {@code
     * offload(WaitReport::capture)}.
     *
     * <p>Cancellation: none; a cancelled task may ask too.
     */
    public static WaitReport capture() {
        return WaitTexts.report(LiveLoops.live());
    }

    /** The report as a page for people: cycles first, with their stacks. */
    @Override
    public String toString() {
        return WaitPage.of(this);
    }
}
