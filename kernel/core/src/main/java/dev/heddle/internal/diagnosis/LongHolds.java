package dev.heddle.internal.diagnosis;

import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.internal.Durations;
import dev.heddle.internal.Holds;
import dev.heddle.internal.UserWords;
import dev.heddle.internal.diagnosis.WaitGraph.Node;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import org.jspecify.annotations.Nullable;

/**
 * The detector of tasks that wait for long while they hold what others wait for. A lock or a token counts when all who
 * hold it have waited that long, and one who wants it as well; it is reported once, until nobody waits for it any more.
 * Part of the watchdog, on its thread: who acquires and releases does nothing for it.
 */
public final class LongHolds {

    private static final DiagnosisAccess KERNEL = DiagnosisAccess.get();

    /** What was reported, as long as somebody waits for it. */
    private Set<Object> told = identitySet();

    /**
     * Looks at what the deadlock detector has seen.
     *
     * @param all whether that is all there is
     * @return the nanoseconds until something may have lasted too long
     */
    public long look(WaitGraph graph, boolean all) {
        Set<Object> standing = identitySet();
        long next = Long.MAX_VALUE;
        for (Node wait : graph.waits()) {
            Object held = wait.on();
            if (wait.task() == null || !(held instanceof Holds.Held || held instanceof AbstractOwnableSynchronizer)) {
                continue;
            }
            if (told.contains(held) || standing.contains(held)) {
                standing.add(held);
                continue;
            }
            Task<?> holder = holder(graph, wait);
            long limit = holder == null ? 0 : Durations.toNanos(holder.loop().config().heldAfter());
            if (holder == null || limit == 0) {
                continue;
            }
            long left = limit - Math.min(waited(wait.task()), waited(holder));
            if (left <= 0) {
                standing.add(held);
                KERNEL.callBack(holder.loop(), () -> report(holder, held));
            } else {
                next = Math.min(next, left);
            }
        }
        if (!all) {
            standing.addAll(told);
        }
        told = standing;
        return next;
    }

    /** The holder that has waited least; null if one of them does not wait, or is caught in a deadlock. */
    private static @Nullable Task<?> holder(WaitGraph graph, Node wait) {
        Task<?> least = null;
        for (Thread thread : wait.holders()) {
            Node holding = graph.waitOf(thread);
            if (holding == null || holding.task() == null || graph.isStuck(thread)) {
                return null;
            }
            if (least == null || waited(holding.task()) < waited(least)) {
                least = holding.task();
            }
        }
        return least;
    }

    private static long waited(Task<?> task) {
        return task.waitingTime().map(Duration::toNanos).orElse(0L);
    }

    /** In a callback, since it calls code of users. */
    private static void report(Task<?> holder, Object held) {
        Duration waited = holder.waitingTime().orElse(Duration.ZERO).truncatedTo(ChronoUnit.SECONDS);
        StackTraceElement[] stack = holder.stackTrace();
        String what = held instanceof Holds.Held ? UserWords.of(held) : WaitTexts.identity(held);
        KERNEL.report(
                holder.loop(),
                holder + " has waited for " + Durations.words(waited) + " and holds what others wait for (" + what
                        + "): " + WaitTexts.doing(holder, stack),
                new LongHoldException(stack));
    }

    private static Set<Object> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Carries the stack of a task that waits while it holds something. */
    private static final class LongHoldException extends HeddleException {
        private static final long serialVersionUID = 1L;

        LongHoldException(StackTraceElement[] stack) {
            super("the stack of the task that holds what others wait for");
            setStackTrace(stack);
        }
    }
}
