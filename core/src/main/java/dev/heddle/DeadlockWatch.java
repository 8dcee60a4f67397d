package dev.heddle;

import dev.heddle.internal.ThreadFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Looks for tasks that wait for each other in a circle, and tells the failure handler once of each such cycle. Part of the
 * watchdog, on its thread.
 *
 * <p>It reads loops while they sleep and does not wake them. While loops work it looks twice a second at those that happen to
 * sleep; while nothing happens, ever more rarely. A cycle counts when it is seen in two looks and no deadline ends it. So a loop
 * that waits for I/O, a time or another thread is never reported, however long it waits.
 */
final class DeadlockWatch {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** From the first sight of a cycle to the second. */
    private static final long SECOND_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** With many tasks a look takes long; it may cost so much of the time in between, and no more. */
    private static final int MOST_COST_PERCENT = 1;

    private long pause = FIRST_NANOS;
    private long due = System.nanoTime() + FIRST_NANOS;
    private long turns;
    private Set<Set<Long>> suspects = Set.of();
    private Set<Set<Long>> reported = new HashSet<>();

    /** Looks, if it is time. Gives the nanoseconds until the next look. */
    long look(List<Loop> loops) {
        long now = System.nanoTime();
        long before = turns;
        turns = loops.stream().mapToLong(Loop::turnsAsSeenElsewhere).sum();
        if (turns != before) {
            pause = FIRST_NANOS;
            due = due - now > FIRST_NANOS ? now + FIRST_NANOS : due;
        }
        if (due - now > 0) {
            return due - now;
        }
        boolean sure = check(loops);
        long end = System.nanoTime();
        long next = Math.max(sure ? pause : SECOND_LOOK_NANOS, (end - now) * 100 / MOST_COST_PERCENT);
        pause = Math.min(pause * 2, LONGEST_NANOS);
        due = end + next;
        return next;
    }

    /** One look; false if a cycle was seen for the first time, so that a second look is due. */
    private boolean check(List<Loop> loops) {
        List<LoopView> views = new ArrayList<>();
        for (Loop loop : loops) {
            LoopView view = LoopView.ofSleeping(loop);
            if (view != null) {
                views.add(view);
            }
        }
        WaitGraph graph = WaitGraph.ofTasks(views);
        Set<Set<Long>> seen = new HashSet<>();
        List<WaitGraph.Node> news = new ArrayList<>();
        for (List<WaitGraph.Node> cycle : graph.cycles()) {
            Set<Long> key = key(cycle);
            if (!reported.contains(key) && isForEver(cycle) && graph.stillHolds(cycle)) {
                seen.add(key);
                if (suspects.contains(key)) {
                    reported.add(key);
                    news.addAll(cycle);
                }
            }
        }
        if (!news.isEmpty()) {
            report(news);
        }
        seen.removeAll(reported);
        suspects = seen;
        return seen.isEmpty();
    }

    private static boolean isForEver(List<WaitGraph.Node> cycle) {
        return cycle.stream().noneMatch(node -> WaitTexts.isLimited(node, ThreadFacts.of(node.thread()).stack()));
    }

    /** The threads, each with what it waits for: the same threads may be caught in another cycle later. */
    private static Set<Long> key(List<WaitGraph.Node> cycle) {
        return cycle.stream()
                .map(node -> node.thread().threadId() << Integer.SIZE
                        | Integer.toUnsignedLong(System.identityHashCode(node.waiter() == null ? node.on() : node.waiter())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** On a callback of a loop, since this calls code of users, which may wait for what is locked for ever. */
    private static void report(List<WaitGraph.Node> caught) {
        for (WaitGraph.Node node : caught) {
            if (node.task() != null) {
                Loop loop = node.task().loop();
                loop.turns.inLoop(() -> loop.runCallback(() -> tell(loop, caught)));
                return;
            }
        }
    }

    private static void tell(Loop loop, List<WaitGraph.Node> caught) {
        WaitReport report = WaitReport.capture();
        if (!report.cycles().isEmpty()) {
            String who = caught.stream().map(node -> WaitTexts.who(node.thread())).collect(Collectors.joining(", "));
            loop.report("these wait for each other and none can go on: " + who, new DeadlockException(report.toString()));
        }
    }
}
