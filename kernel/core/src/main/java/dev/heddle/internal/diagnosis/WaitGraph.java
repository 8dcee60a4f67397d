package dev.heddle.internal.diagnosis;

import dev.heddle.HeldResource;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.WaitReport.Kind;
import dev.heddle.Waiter;
import dev.heddle.internal.ThreadFacts;
import dev.heddle.internal.sight.WaitHints;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The wait-for graph of threads, as database systems have one of transactions.
 *
 * <p>A wait may have several holders, such as those of a semaphore's permits, and any one of them could end it. So a
 * thread is stuck when it waits and all holders are stuck. The stuck ones are what is left after all others were taken
 * out: first those whose holder is unknown or does not wait, then those who wait for one of these, and so on. Among the
 * stuck, going from each to one of its holders must come round, and that round is a cycle to report.
 *
 * <p>It is built on the thread that asks, from what the loops said and what the JVM knows of threads. These go on
 * meanwhile, so who reports a cycle looks twice: {@link #stillHolds}. Owned by the thread that built it.
 */
public final class WaitGraph {

    private static final DiagnosisAccess KERNEL = DiagnosisAccess.get();

    /** What a task waits for in a scope of the JDK. */
    private static final String FORKS = "the end of its forks";

    /** Most threads besides the tasks that are looked at. */
    private static final int MAX_THREADS = 10_000;

    /**
     * One wait.
     *
     * @param on what it is for: an object of a {@link Waiter}, a lock, an object with a monitor; null if not known
     * @param waiter null if it waits in code that is not ours
     * @param holders the threads that could end it; empty if not known
     */
    public record Node(
            Thread thread,
            @Nullable Task<?> task,
            Kind kind,
            @Nullable Object on,
            @Nullable Waiter waiter,
            List<Thread> holders) {}

    private final IdentityHashMap<Thread, Node> nodes = new IdentityHashMap<>();
    private final List<Node> inOrder = new ArrayList<>();
    private final Set<Thread> known = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Thread> stuck = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Collection<LoopView> views;
    private final List<Loop> loops;

    /** Whether tasks are known only where they wait for what others can end, or others for them. */
    private final boolean sparse;

    /** How many of them wait otherwise. */
    private long plain;
    private final List<Thread> found = new ArrayList<>();
    private @Nullable IdentityHashMap<Thread, ThreadFacts> factsOfTasks;
    private @Nullable IdentityHashMap<Object, Thread> monitors;

    private WaitGraph(Collection<LoopView> views, boolean sparse) {
        this.views = views;
        this.loops = views.stream().map(LoopView::loop).toList();
        this.sparse = sparse;
    }

    /** The waits of tasks, and of the threads that they wait for. */
    public static WaitGraph ofTasks(Collection<LoopView> views) {
        var graph = new WaitGraph(views, false);
        graph.addTasks(views);
        graph.findStuck();
        return graph;
    }

    /** The same without the waits that nobody can be said to end, unless others wait for who waits so. */
    public static WaitGraph ofHeld(Collection<LoopView> views) {
        var graph = new WaitGraph(views, true);
        graph.addTasks(views);
        graph.findStuck();
        return graph;
    }

    /** The waits of tasks, and of all threads that wait for something that is held. */
    public static WaitGraph ofAll(Collection<LoopView> views) {
        return ofAll(views, new WaitGraph(views, false));
    }

    /**
     * The same from views that were taken in slices, with those who are only named as the last to have done what would
     * end a wait.
     *
     * @param all whether to have waits that nobody can be said to end
     */
    public static WaitGraph ofWalks(Collection<LoopView> views, boolean all) {
        WaitGraph graph = ofAll(views, new WaitGraph(views, !all));
        views.forEach(view -> graph.plain += view.plain());
        graph.addLikely();
        graph.stuck.clear();
        graph.findStuck();
        return graph;
    }

    private static WaitGraph ofAll(Collection<LoopView> views, WaitGraph graph) {
        graph.addTasks(views);
        for (Thread thread : ThreadFacts.threads(MAX_THREADS)) {
            Node node = graph.nodes.containsKey(thread) ? null : graph.inspect(thread, null);
            if (node != null && (!node.holders.isEmpty() || node.waiter != null || node.kind == Kind.MONITOR)) {
                graph.add(node);
            }
        }
        graph.addHolders();
        graph.findStuck();
        return graph;
    }

    // ---- building ----

    private void addTasks(Collection<LoopView> views) {
        for (LoopView view : views) {
            for (LoopView.WaitingTask each : view.waiting()) {
                if (each.waiter() != null) {
                    known.addAll(holdersOf(each.waiter(), each.group()));
                }
            }
        }
        for (LoopView view : views) {
            for (LoopView.WaitingTask each : view.waiting()) {
                Waiter waiter = each.waiter();
                Node node = waiter == null
                        ? foreign(each)
                        : node(each.thread(), each.task(), waiter, each.group());
                if (node != null && sparse && isPlain(node)) {
                    plain++;
                } else if (node != null) {
                    add(node);
                }
            }
        }
        addHolders();
    }

    private @Nullable Node foreign(LoopView.WaitingTask wait) {
        return wait.group().isEmpty()
                ? inspect(wait.thread(), wait.task())
                : new Node(wait.thread(), wait.task(), Kind.GROUP, FORKS, null, wait.group());
    }

    private static boolean isPlain(Node node) {
        return node.holders.isEmpty() && (node.kind == Kind.OTHER || node.kind == Kind.NOTIFY)
                && !(node.on instanceof WaitHints);
    }

    private void add(Node node) {
        nodes.put(node.thread, node);
        inOrder.add(node);
    }

    /**
     * Threads that hold something may wait themselves. Tasks have been asked already where all were, or run; loops wait
     * for anything.
     */
    private void addHolders() {
        for (int i = 0; i < inOrder.size(); i++) {
            inOrder.get(i).holders.forEach(this::addNamed);
        }
    }

    /** So may those who are the last to have done what others wait for. */
    private void addLikely() {
        Set<Long> wanted = new HashSet<>();
        for (Node node : inOrder) {
            wanted.addAll(likely(node));
        }
        nodes.keySet().forEach(thread -> wanted.remove(thread.threadId()));
        if (!wanted.isEmpty()) {
            ThreadFacts.threads(MAX_THREADS).stream()
                    .filter(thread -> wanted.contains(thread.threadId()))
                    .forEach(found::add);
            loops.forEach(loop -> found.addAll(LoopView.find(loop, wanted)));
        }
        found.forEach(this::addNamed);
        addHolders();
    }

    private void addNamed(Thread thread) {
        Task<?> task = KERNEL.task(thread);
        if (nodes.containsKey(thread) || KERNEL.isLoopsOwn(thread) || (task != null && !sparse)) {
            return;
        }
        Waiter waiter = task == null ? null : KERNEL.waiter(task);
        Node node = waiter != null && waiter.isOpen()
                ? node(thread, task, waiter, List.of())
                : task == null || KERNEL.isSuspended(task) ? inspect(thread, task) : null;
        if (node != null) {
            add(node);
        }
    }

    /** The ids of the threads that were the last to do what would end a wait. */
    public static List<Long> likely(Node node) {
        return node.on instanceof WaitHints hints
                ? LongStream.of(hints.lastThreads()).filter(id -> id != 0).distinct().boxed().toList()
                : List.of();
    }

    private static Node node(Thread thread, @Nullable Task<?> task, Waiter waiter, List<Thread> group) {
        Object on = KERNEL.waitingFor(waiter);
        return new Node(thread, task, KERNEL.kind(on), on, waiter, holdersOf(waiter, group));
    }

    public static List<Thread> holdersOf(Waiter waiter, List<Thread> group) {
        Object on = KERNEL.waitingFor(waiter);
        if (KERNEL.kind(on) == Kind.GROUP) {
            return group;
        }
        if (on instanceof HeldResource held) {
            try {
                return List.copyOf(held.holders());
            } catch (RuntimeException e) {
                return List.of(); // it may be an object of users, and a report must not fail for it
            }
        }
        return List.of();
    }

    /** The wait of a thread in code that is not ours; null if it does not wait. */
    private @Nullable Node inspect(Thread thread, @Nullable Task<?> task) {
        Thread.State state = thread.getState();
        if (state == Thread.State.BLOCKED) {
            Object monitor = facts(thread).blockedOn();
            return new Node(thread, task, Kind.MONITOR, monitor, null, listOf(ownerOf(monitor)));
        }
        if (state != Thread.State.WAITING && state != Thread.State.TIMED_WAITING) {
            return null;
        }
        Object blocker = LockSupport.getBlocker(thread);
        if (blocker == null && !thread.isVirtual()) {
            return inspectMonitorWait(thread);
        }
        return switch (blocker) {
            case Waiter waiter -> waiter.isOpen() ? node(thread, task, waiter, List.of()) : null;
            case AbstractOwnableSynchronizer lock ->
                new Node(thread, task, Kind.LOCK, lock, null, listOf(ThreadFacts.exclusiveOwner(lock)));
            case Condition condition -> new Node(thread, task, Kind.NOTIFY, condition, null, List.of());
            case null -> new Node(thread, task, Kind.OTHER, null, null, List.of());
            default -> new Node(thread, task, Kind.OTHER, blocker, null, List.of());
        };
    }

    /** A platform thread joins another by waiting on it; only the stack tells that from any other use of the object. */
    private static Node inspectMonitorWait(Thread thread) {
        ThreadFacts facts = ThreadFacts.of(thread);
        boolean joins = facts.waitingOn() instanceof Thread
                && facts.stack().stream().anyMatch(frame -> frame.getMethodName().equals("join")
                        && frame.getClassName().equals(Thread.class.getName()));
        return facts.waitingOn() instanceof Thread joined && joins
                ? new Node(thread, null, Kind.TASK, joined, null, List.of(joined))
                : new Node(thread, null, Kind.OTHER, null, null, List.of());
    }

    private static List<Thread> listOf(@Nullable Thread thread) {
        return thread == null ? List.of() : List.of(thread);
    }

    /**
     * The JVM tells the monitors of each thread but not the thread of a monitor, so all that may have it are asked,
     * once.
     */
    private @Nullable Thread ownerOf(@Nullable Object monitor) {
        if (monitor == null) {
            return null;
        }
        if (monitors == null) {
            monitors = new IdentityHashMap<>();
            views.forEach(view -> known.addAll(view.threads()));
            known.addAll(ThreadFacts.threads(MAX_THREADS));
            known.addAll(factsOfTasks().keySet());
            for (Thread thread : known) {
                for (Object owned : facts(thread).monitors()) {
                    monitors.put(owned, thread);
                }
            }
        }
        return monitors.get(monitor);
    }

    /** What the JVM knows; of virtual threads it can be asked for suspended tasks only. */
    private ThreadFacts facts(Thread thread) {
        if (!thread.isVirtual()) {
            return ThreadFacts.of(thread);
        }
        return factsOfTasks().getOrDefault(thread, ThreadFacts.NONE);
    }

    private IdentityHashMap<Thread, ThreadFacts> factsOfTasks() {
        if (factsOfTasks == null) {
            factsOfTasks = LoopView.askFacts(loops);
        }
        return factsOfTasks;
    }

    // ---- asking ----

    /** All waits: those of tasks first, loop by loop, owners before what they own. */
    public List<Node> waits() {
        return inOrder;
    }

    /** How many tasks wait that are not in it. */
    public long plain() {
        return plain;
    }

    /** The threads that were found of those that {@link #likely} names and that do not wait for what others can end. */
    public Collection<Thread> found() {
        return found;
    }

    /** The wait of a thread; null if it does not wait, or is not known. */
    public @Nullable Node waitOf(Thread thread) {
        return nodes.get(thread);
    }

    /** Whether a thread waits for what can never come. */
    public boolean isStuck(Thread thread) {
        return stuck.contains(thread);
    }

    private void findStuck() {
        var waitingFor = new IdentityHashMap<Thread, List<Node>>();
        Deque<Node> free = new ArrayDeque<>();
        for (Node node : inOrder) {
            stuck.add(node.thread);
            for (Thread holder : node.holders) {
                waitingFor.computeIfAbsent(holder, any -> new ArrayList<>(1)).add(node);
            }
        }
        for (Node node : inOrder) {
            if (node.holders.isEmpty() || !nodes.keySet().containsAll(node.holders)) {
                free.add(node);
            }
        }
        while (!free.isEmpty()) {
            Node node = free.remove();
            if (stuck.remove(node.thread)) {
                free.addAll(waitingFor.getOrDefault(node.thread, List.of()));
            }
        }
    }

    /** The rounds in which each waits for the next and the last for the first. */
    public List<List<Node>> cycles() {
        List<List<Node>> cycles = new ArrayList<>();
        Set<Thread> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node start : inOrder) {
            List<Node> path = new ArrayList<>();
            Node node = start;
            while (stuck.contains(node.thread) && seen.add(node.thread)) {
                path.add(node);
                node = nodes.getOrDefault(node.holders.getFirst(), node);
            }
            int from = 0;
            while (from < path.size() && path.get(from) != node) {
                from++;
            }
            if (from < path.size()) {
                cycles.add(List.copyOf(path.subList(from, path.size())));
            }
        }
        return cycles;
    }

    /** Looks again whether each wait of a cycle is still the same. */
    public boolean stillHolds(List<Node> cycle) {
        monitors = null;
        factsOfTasks = null;
        for (Node node : cycle) {
            Node now = node;
            if (node.kind == Kind.GROUP) {
                if (node.waiter == null ? !isSuspended(node) : !node.waiter.isOpen()) {
                    return false;
                }
            } else if (node.waiter == null) {
                now = inspect(node.thread, node.task);
            } else if (!node.waiter.isOpen()) {
                return false;
            } else {
                now = node(node.thread, node.task, node.waiter, List.of());
            }
            if (now == null || now.on != node.on || !now.holders.equals(node.holders)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSuspended(Node node) {
        return node.task != null && KERNEL.isSuspended(node.task);
    }
}
