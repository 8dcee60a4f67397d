package dev.heddle.internal.diagnosis;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.WaitReport;
import dev.heddle.Waiter;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.ThreadFacts;
import dev.heddle.internal.UserLine;
import dev.heddle.internal.UserWords;
import dev.heddle.internal.diagnosis.WaitGraph.Node;
import dev.heddle.internal.sight.WaitHints;
import dev.heddle.internal.sight.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * The words of a wait report. Objects of users are asked for their words only where they were given to a {@link Waiter}
 * for that; any other object is called by its class, since a {@code toString()} that needs the very lock in question
 * would never return.
 */
public final class WaitTexts {

    /** Most waits that are listed besides cycles, and most cycles. */
    public static final int MAX = 100;

    private static final DiagnosisAccess KERNEL = DiagnosisAccess.get();

    private WaitTexts() {}

    // ---- reports ----

    /** Asks loops and makes a report of their tasks and of all threads. */
    public static WaitReport report(List<Loop> loops) {
        List<LoopView> views = LoopView.ask(loops);
        return report(WaitGraph.ofAll(inOrder(loops, views)), views, starved(loops, views));
    }

    /** Makes a report of one loop only, on that loop. */
    public static WaitReport reportHere(Loop loop) {
        List<LoopView> views = List.of(LoopView.of(loop));
        return report(WaitGraph.ofTasks(views), views, List.of());
    }

    private static List<LoopView> inOrder(List<Loop> loops, List<LoopView> views) {
        List<LoopView> sorted = new ArrayList<>(views);
        sorted.sort((a, b) -> Integer.compare(loops.indexOf(a.loop()), loops.indexOf(b.loop())));
        return sorted;
    }

    private static WaitReport report(
            WaitGraph graph, List<LoopView> views, List<WaitReport.StarvedLoop> starved) {
        Set<Node> listed = Collections.newSetFromMap(new IdentityHashMap<>());
        List<List<WaitReport.Wait>> cycles = new ArrayList<>();
        for (List<Node> cycle : standingCycles(graph)) {
            cycles.add(cycle.stream().map(WaitTexts::wait).toList());
            listed.addAll(cycle);
        }
        List<WaitReport.Wait> others = new ArrayList<>();
        long leftOut = 0;
        for (Node node : graph.waits()) {
            if (listed.contains(node)) {
                continue;
            }
            if (others.size() < MAX) {
                others.add(wait(node));
            } else {
                leftOut++;
            }
        }
        for (LoopView view : views) {
            leftOut += view.leftOut();
        }
        return new WaitReport(cycles, starved, others, leftOut);
    }

    private static List<List<Node>> standingCycles(WaitGraph graph) {
        return graph.cycles().stream()
                .filter(graph::stillHolds)
                .limit(MAX)
                .toList();
    }

    /**
     * Asks loops and makes a graph of their tasks and of all threads, whatever their number.
     *
     * @param only the threads, and those that wait for them, that are listed; empty for all
     */
    public static Waits waits(List<Loop> loops, int most, boolean all, Set<Long> only) {
        List<Loop> answering = LoopView.ask(loops, loop -> loop);
        List<LoopView> views = new ArrayList<>();
        for (Loop loop : loops) {
            if (answering.contains(loop)) {
                LoopView.walk(loop, all, only).ifPresent(views::add);
            }
        }
        WaitGraph graph = WaitGraph.ofWalks(views, all);
        var cycles = new IdentityHashMap<Node, Integer>();
        for (List<Node> cycle : standingCycles(graph)) {
            int number = cycles.isEmpty() ? 1 : Collections.max(cycles.values()) + 1;
            cycle.forEach(node -> cycles.put(node, number));
        }
        List<Node> ranked = ranked(graph, cycles);
        ranked.removeIf(node -> !only.isEmpty() && !LoopView.concerns(only, node.thread(), node.holders()));
        List<Node> listed = ranked.subList(0, Math.min(most, ranked.size()));
        long leftOut = (long) ranked.size() - listed.size();
        for (LoopView view : views) {
            leftOut += view.leftOut();
        }
        return new Waits(
                listed.stream()
                        .map(node -> wait(node, cycles.getOrDefault(node, 0)))
                        .toList(),
                others(graph, listed), starved(loops, views), graph.plain(), leftOut);
    }

    /** Those in cycles first, cycle by cycle, then those that have to do with others. */
    private static List<Node> ranked(WaitGraph graph, Map<Node, Integer> cycles) {
        Set<Long> named = new HashSet<>();
        graph.waits().forEach(node -> {
            node.holders().forEach(holder -> named.add(holder.threadId()));
            named.addAll(WaitGraph.likely(node));
        });
        List<Node> ranked = new ArrayList<>(graph.waits());
        ranked.sort(Comparator.comparingInt(node -> cycles.containsKey(node)
                ? cycles.get(node)
                : node.holders().isEmpty() && processOf(node.on()) == 0 && WaitGraph.likely(node).isEmpty()
                        && !named.contains(node.thread().threadId()) ? Integer.MAX_VALUE : Integer.MAX_VALUE - 1));
        return ranked;
    }

    private static Waits.Wait wait(Node node, int cycle) {
        Task<?> task = node.task();
        return new Waits.Wait(
                node.thread().threadId(),
                task == null ? "" : task.loop().name(),
                task == null ? 0 : task.id(),
                cycle,
                wait(node),
                node.holders().stream().map(Thread::threadId).toList(),
                WaitGraph.likely(node),
                processOf(node.on()));
    }

    /** The process in which a wait will be ended; 0 if it is this one, or not known. */
    public static long processOf(@Nullable Object waitingFor) {
        return waitingFor instanceof WaitHints hints ? hints.process() : 0;
    }

    /** Who is named by the waits that are listed and is not one of these. */
    private static List<Waits.Other> others(WaitGraph graph, List<Node> listed) {
        Map<Long, Thread> threads = new HashMap<>();
        Map<Long, Waits.Other> others = new LinkedHashMap<>();
        graph.waits().forEach(node -> threads.put(node.thread().threadId(), node.thread()));
        graph.found().forEach(thread -> threads.put(thread.threadId(), thread));
        for (Node node : listed) {
            node.holders().forEach(thread -> threads.put(thread.threadId(), thread));
            node.holders().forEach(thread -> others.computeIfAbsent(thread.threadId(), id -> other(id, thread)));
            WaitGraph.likely(node).forEach(each -> others.computeIfAbsent(each, id -> other(id, threads.get(id))));
        }
        listed.forEach(node -> others.remove(node.thread().threadId()));
        return List.copyOf(others.values());
    }

    private static Waits.Other other(long id, @Nullable Thread thread) {
        if (thread == null || !thread.isAlive()) {
            return new Waits.Other(id, "", 0, thread == null ? "thread #" + id : who(thread), "ended", List.of());
        }
        Task<?> task = KERNEL.task(thread);
        String known = KERNEL.state(thread);
        String state = known == null ? thread.getState().name().toLowerCase(Locale.ROOT).replace('_', ' ') : known;
        return new Waits.Other(
                id, task == null ? "" : task.loop().name(), task == null ? 0 : task.id(), who(thread), state,
                List.of(StackTraces.of(thread)));
    }

    /** Who holds what is waited for, for people. Not for groups, whose tasks only their loop can tell. */
    public static List<String> holders(@Nullable Waiter waiter) {
        List<Thread> holders = waiter == null ? List.of() : WaitGraph.holdersOf(waiter, List.of());
        return holders.isEmpty() ? List.of() : holders.stream().map(WaitTexts::who).toList(); // most have none
    }

    private static List<WaitReport.StarvedLoop> starved(List<Loop> loops, List<LoopView> views) {
        List<WaitReport.StarvedLoop> starved = new ArrayList<>();
        for (Loop loop : loops) {
            if (!loop.isClosed() && views.stream().noneMatch(view -> view.loop() == loop)) {
                Thread running = KERNEL.running(loop);
                starved.add(new WaitReport.StarvedLoop(
                        loop.name(),
                        running == null ? "no task; perhaps no thread drives it" : who(running),
                        running == null ? List.of() : List.of(StackTraces.of(running))));
            }
        }
        return starved;
    }

    // ---- one wait ----

    public static WaitReport.Wait wait(Node node) {
        ThreadFacts facts = ThreadFacts.of(node.thread());
        Task<?> task = node.task();
        return new WaitReport.Wait(
                who(node.thread()),
                isForNotify(node, facts) ? WaitReport.Kind.NOTIFY : node.kind(),
                what(node, facts),
                node.holders().stream().map(WaitTexts::who).toList(),
                task == null ? Duration.ZERO : task.waitingTime().orElse(Duration.ZERO),
                isLimited(node, facts.stack()),
                task == null ? "" : task.spawnedAt().map(StackTraceElement::toString).orElse(""),
                facts.stack());
    }

    /** The JVM does not always know the object whose notify is waited for, but the stack shows the call. */
    private static boolean isForNotify(Node node, ThreadFacts facts) {
        return node.on() == null
                && (facts.waitingOn() != null || jdkCall(facts.stack()).equals(Optional.of("Object.wait")));
    }

    /** Whether a deadline is set that ends the wait. */
    public static boolean isLimited(Node node, List<StackTraceElement> stack) {
        if (node.waiter() != null) {
            boolean within = stack.stream().anyMatch(WaitTexts::isOfLimitedWait)
                    && stack.stream().noneMatch(frame -> frame.getMethodName().equals("awaitLooking"));
            return within || hasDeadline(node.task());
        }
        return node.thread().getState() == Thread.State.TIMED_WAITING
                || (hasDeadline(node.task()) && KERNEL.answersInterrupts(stack));
    }

    private static boolean isOfLimitedWait(StackTraceElement frame) {
        return frame.getClassName().equals(Waiter.class.getName())
                && frame.getMethodName().equals("awaitWithin");
    }

    private static boolean hasDeadline(@Nullable Task<?> task) {
        return task != null && KERNEL.hasDeadline(task);
    }

    /** A thread as people know it. */
    public static String who(Thread thread) {
        Task<?> task = KERNEL.task(thread);
        if (task != null) {
            return task.toString();
        }
        String name = thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName();
        return "thread " + name + (thread.isAlive() ? "" : " (ended)");
    }

    private static String what(Node node, ThreadFacts facts) {
        if (node.waiter() != null) {
            return UserWords.of(node.waiter());
        }
        Object on = node.on() == null ? facts.waitingOn() : node.on();
        return switch (on) {
            case null -> jdkCall(facts.stack()).map(call -> "in " + call).orElse("something unknown");
            case Object monitor when node.kind() == WaitReport.Kind.MONITOR -> "the monitor of " + identity(monitor);
            case Thread joined when node.kind() == WaitReport.Kind.TASK -> "the end of " + who(joined);
            case Object monitor when monitor == facts.waitingOn() -> "a notify of " + identity(monitor);
            case Condition condition -> "a signal of " + identity(condition);
            case String words -> words;
            default -> identity(on);
        };
    }

    /** {@code ReentrantLock@1b2c3d}; the class inside a lock of the JDK says less than the one that people made. */
    public static String identity(Object object) {
        Class<?> type = object.getClass();
        Class<?> known = type.getName().startsWith("java.util.concurrent.locks.Abstract") ? type : type.getNestHost();
        String name = known.getSimpleName().isEmpty() ? known.getName() : known.getSimpleName();
        return name + "@" + Integer.toHexString(System.identityHashCode(object));
    }

    /** What a task does or waits for, and the line of the user's code that does. */
    public static String doing(Task<?> task, StackTraceElement[] stack) {
        Waiter waiter = KERNEL.waiter(task);
        String doing = waiter == null ? task.waitingFor().orElse("running") : UserWords.of(waiter);
        String line = UserLine.orOursIn(List.of(stack)).map(StackTraceElement::toString).orElse("");
        return doing + (line.isEmpty() || doing.contains(line) ? "" : ", at " + line);
    }

    // ---- stacks ----

    /** The method of the JDK that the user's code called. */
    private static Optional<String> jdkCall(List<StackTraceElement> stack) {
        StackTraceElement call = null;
        for (StackTraceElement frame : stack) {
            if (!UserLine.isOfJdk(frame)) {
                break;
            }
            call = frame;
        }
        return Optional.ofNullable(call)
                .map(frame -> frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1) + "."
                        + frame.getMethodName());
    }
}
