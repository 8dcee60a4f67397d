package dev.heddle.internal.diagnosis;

import dev.heddle.DeadlockException;
import dev.heddle.FailureHandler;
import dev.heddle.Loop;
import dev.heddle.WaitReport;
import dev.heddle.internal.ThreadFacts;
import dev.heddle.internal.sight.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The detector of deadlocks: looks for tasks that wait for each other in a circle, and tells the failure handler once
 * of each such cycle, and by {@link LongHolds} for those that hold up others. Part of the watchdog, on its thread.
 *
 * <p>It reads loops while they sleep and does not wake them, unless a task waits for a monitor, of which only its loop
 * can ask. While loops work it looks twice a second at those that happen to sleep; while nothing happens, ever more
 * rarely. A cycle counts when it is seen in two looks; one that a deadline will end, when it has lasted. So a loop that
 * waits for I/O, a time or another thread is never reported, however long it waits.
 */
public final class DeadlockWatch {

    private static final DiagnosisAccess KERNEL = DiagnosisAccess.get();

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** From the first sight of a cycle to the second. */
    private static final long SECOND_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long a cycle that a deadline will end may last. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * With many tasks a look takes long; looks may cost so much of the time, and no more. The second look at a new
     * cycle comes soon all the same, and the pause behind it is that of both.
     */
    private static final int MAX_COST_PERCENT = 1;

    private long pause = FIRST_NANOS;
    private long due;

    /** What looks have taken for which there was no pause yet. */
    private long owed;

    private long turns;

    /** Cycles that are seen but not reported yet, and when they were seen first. */
    private Map<Set<Long>, Long> suspects = Map.of();

    private final Set<Set<Long>> reported = new HashSet<>();

    private final LongHolds holds = new LongHolds();

    private final LongSupplier nanoTime;

    public DeadlockWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.due = nanoTime.getAsLong() + FIRST_NANOS;
    }

    /** Looks, if it is time. Gives the nanoseconds until the next look. */
    public long look(List<Loop> loops) {
        long now = nanoTime.getAsLong();
        long before = turns;
        turns = turns(loops);
        if (turns != before) {
            pause = FIRST_NANOS;
            due = due - now > FIRST_NANOS ? now + FIRST_NANOS : due;
        }
        if (due - now > 0) {
            return due - now;
        }
        long wanted;
        try {
            wanted = check(loops);
        } catch (RuntimeException | OutOfMemoryError e) { // no thread to be had for a report
            FailureHandler.LOG.failed("the look for deadlocks failed", e);
            pause = MAX_NANOS;
            wanted = pause;
        }
        long end = nanoTime.getAsLong();
        boolean isSecondSoon = wanted <= SECOND_LOOK_NANOS && owed == 0;
        owed += end - now;
        long next = wanted;
        if (!isSecondSoon) {
            next = Math.max(wanted, owed * 100 / MAX_COST_PERCENT);
            owed = 0;
        }
        pause = Math.min(pause * 2, MAX_NANOS);
        due = end + next;
        return next;
    }

    /** Whether loops have done anything since the last look. */
    public boolean isOutdated(List<Loop> loops) {
        return turns(loops) != turns;
    }

    private static long turns(List<Loop> loops) {
        long sum = 0;
        for (Loop loop : loops) {
            sum += KERNEL.turns(loop);
        }
        return sum;
    }

    /** One look; gives the nanoseconds until the next, which is soon if a cycle was seen for the first time. */
    private long check(List<Loop> loops) {
        List<LoopView> views = new ArrayList<>();
        for (Loop loop : loops) {
            LoopView view = LoopView.ofSleeping(loop);
            if (view != null) {
                views.add(view);
            }
        }
        WaitGraph graph = WaitGraph.ofHeld(views);
        Map<Set<Long>, Long> seen = new HashMap<>();
        Set<Set<Long>> standing = new HashSet<>();
        List<List<WaitGraph.Node>> news = new ArrayList<>();
        boolean sure = true;
        for (List<WaitGraph.Node> cycle : graph.cycles()) {
            Set<Long> key = key(cycle);
            standing.add(key);
            if (reported.contains(key) || !graph.stillHolds(cycle)) {
                continue;
            }
            Long since = suspects.get(key);
            boolean forEver = isForEver(cycle);
            if (since != null && (forEver || nanoTime.getAsLong() - since > PATIENCE_NANOS)) {
                reported.add(key);
                news.add(cycle);
            } else {
                seen.put(key, since == null ? nanoTime.getAsLong() : since);
                sure &= !forEver;
            }
        }
        if (views.size() == loops.size()) {
            reported.retainAll(standing);
        }
        report(news);
        suspects = seen;
        long untilLong = holds.look(graph, views.size() == loops.size());
        return Math.min(sure ? pause : SECOND_LOOK_NANOS, untilLong);
    }

    private static boolean isForEver(List<WaitGraph.Node> cycle) {
        return cycle.stream().noneMatch(node -> WaitTexts.isLimited(node, ThreadFacts.of(node.thread()).stack()));
    }

    /** The threads, each with what it waits for: the same threads may be caught in another cycle later. */
    private static Set<Long> key(List<WaitGraph.Node> cycle) {
        return cycle.stream()
                .map(node -> node.thread().threadId() << Integer.SIZE
                        | Integer.toUnsignedLong(
                                System.identityHashCode(node.waiter() == null ? node.on() : node.waiter())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Tells each failure handler of the cycles that tasks of its runs are in. On threads of their own, since a report
     * takes a while and calls code of users, which may never return.
     */
    private static void report(List<List<WaitGraph.Node>> news) {
        IdentityHashMap<FailureHandler, Told> told = new IdentityHashMap<>();
        for (List<WaitGraph.Node> cycle : news) {
            for (WaitGraph.Node node : cycle) {
                if (node.task() != null) {
                    Loop loop = node.task().loop();
                    told.computeIfAbsent(loop.config().failureHandler(),
                            handler -> new Told(loop, new LinkedHashSet<>()))
                            .cycles()
                            .add(cycle);
                }
            }
        }
        for (Told each : told.values()) {
            Thread.ofPlatform().daemon().name("heddle-report").start(each::tell);
        }
    }

    /** What a failure handler is told, by one of its loops. */
    private record Told(Loop loop, Set<List<WaitGraph.Node>> cycles) {

        private void tell() {
            WaitReport report = WaitReport.capture();
            if (report.cycles().isEmpty() && report.starved().isEmpty()) {
                return; // it is over
            }
            String what = "these wait for each other and none can go on: "
                    + cycles.stream().map(Told::names).collect(Collectors.joining("; and these: "));
            var failure = new DeadlockException(report.toString());
            Thread caught = cycles.iterator().next().getFirst().thread();
            failure.setStackTrace(ThreadFacts.of(caught).stack().toArray(StackTraceElement[]::new));
            Kernel.trouble(what);
            KERNEL.callBack(loop, () -> KERNEL.report(loop, what, failure));
        }

        private static String names(List<WaitGraph.Node> cycle) {
            return cycle.stream().map(node -> WaitTexts.who(node.thread())).collect(Collectors.joining(", "));
        }
    }
}
