package dev.heddle.internal.diagnosis;

import dev.heddle.HeldResource;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.WaitReport;
import dev.heddle.Waiter;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.ThreadFacts;
import dev.heddle.internal.sight.WaitHints;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop at one moment, and which of them wait. Taken between two steps of the loop, so all of it is true
 * at once.
 *
 * <p>Taking it is a short walk without locks and without code of users. The words for it come later, on the thread that
 * asked.
 *
 * @param threads the threads of its tasks, also of those that do not wait
 * @param plain how many tasks wait that are not in it, because nobody can be said to hold what they wait for
 * @param leftOut how many tasks are not in it, because there are too many
 */
@AsksSystem("who looks is another thread")
public record LoopView(Loop loop, List<Thread> threads, List<WaitingTask> waiting, long plain, long leftOut) {

    private static final DiagnosisAccess KERNEL = DiagnosisAccess.get();

    /** Most tasks that are looked at. */
    public static final int MAX_TASKS = 10_000;

    /** Scopes of a loop that are looked at while it sleeps, before who looks gives way. */
    public static final int SLICE = 64;

    /** Most tasks whose monitors are looked at, which holds the loop up a little for each. */
    private static final int MAX_MONITORED = 1_000;

    /** How long a loop may take to answer; one that takes longer starves its tasks. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * One task that waits.
     *
     * @param waiter null if it waits in code that is not ours
     * @param group if it waits for the end of a group or of its forks, the threads of these
     */
    public record WaitingTask(Task<?> task, Thread thread, @Nullable Waiter waiter, List<Thread> group) {

        List<Thread> holders() {
            return waiter == null ? group : WaitGraph.holdersOf(waiter, group);
        }

        /** Whether nobody can be said to hold what it waits for; where code that is not ours waits, it is not known. */
        boolean isPlain() {
            return waiter != null
                    && !(KERNEL.waitingFor(waiter) instanceof HeldResource)
                    && !(KERNEL.waitingFor(waiter) instanceof WaitHints);
        }
    }

    /** The view of a loop; on that loop. */
    public static LoopView of(Loop loop) {
        List<Task<?>> tasks = KERNEL.tasks(loop, MAX_TASKS);
        List<Thread> threads = new ArrayList<>(tasks.size());
        List<WaitingTask> waiting = new ArrayList<>();
        for (Task<?> task : tasks) {
            Thread thread = KERNEL.thread(task);
            if (thread == null) {
                continue;
            }
            threads.add(thread);
            WaitingTask wait = waiting(task);
            if (wait != null) {
                waiting.add(wait);
            }
        }
        return new LoopView(loop, threads, waiting, 0, Math.max(0, loop.statistics().aliveTasks() - tasks.size()));
    }

    /** The wait of a task; null if it does not wait. On its loop. */
    private static @Nullable WaitingTask waiting(Task<?> task) {
        Thread thread = KERNEL.thread(task);
        Waiter waiter = KERNEL.waiter(task);
        boolean waits = waiter == null ? KERNEL.isSuspended(task) : waiter.isOpen();
        return thread == null || !waits ? null : new WaitingTask(task, thread, waiter, groupOf(task, waiter));
    }

    /**
     * The view of a loop with any number of tasks, in slices between which it goes on; without the threads of those
     * that do not wait. Any thread that is not the loop's own.
     *
     * @param all whether waits are in it for what nobody can be said to hold
     * @param only if there are any, the threads whose waits are in it, and the waits for them
     * @return empty if the loop does not answer
     */
    public static Optional<LoopView> walk(Loop loop, boolean all, Set<Long> only) {
        List<WaitingTask> waiting = new ArrayList<>();
        long plain = 0;
        long leftOut = 0;
        try (LoopWalk<WaitingTask> walk = KERNEL.walk(loop, LoopView::waiting)) {
            while (!walk.isOver()) {
                Optional<List<WaitingTask>> slice = walk.next();
                if (slice.isEmpty()) {
                    return Optional.empty();
                }
                for (WaitingTask each : slice.get()) {
                    if (!only.isEmpty()) {
                        if (concerns(only, each.thread(), each.holders())) {
                            waiting.add(each);
                        }
                    } else if (!all && each.isPlain()) {
                        plain++;
                    } else if (waiting.size() < MAX_TASKS) {
                        waiting.add(each);
                    } else {
                        leftOut++;
                    }
                }
            }
        }
        return Optional.of(new LoopView(loop, List.of(), waiting, plain, leftOut));
    }

    /** Whether a wait is that of one of some threads, or for one of them. */
    public static boolean concerns(Set<Long> threads, Thread waiting, List<Thread> holders) {
        return threads.contains(waiting.threadId())
                || holders.stream().anyMatch(holder -> threads.contains(holder.threadId()));
    }

    /** The threads of tasks that have such ids; in slices, as {@link #walk}. */
    public static List<Thread> find(Loop loop, Set<Long> ids) {
        List<Thread> found = new ArrayList<>();
        try (LoopWalk<Thread> walk = KERNEL.walk(loop, task -> {
            Thread thread = KERNEL.thread(task);
            return thread != null && ids.contains(thread.threadId()) ? thread : null;
        })) {
            while (!walk.isOver() && found.size() < ids.size()) {
                Optional<List<Thread>> slice = walk.next();
                if (slice.isEmpty()) {
                    break;
                }
                found.addAll(slice.get());
            }
        }
        return found;
    }

    private static List<Thread> groupOf(Task<?> task, @Nullable Waiter waiter) {
        if (waiter == null) {
            return KERNEL.awaitedThreads(task);
        }
        Object on = KERNEL.waitingFor(waiter);
        return on instanceof HeldResource ending && KERNEL.kind(on) == WaitReport.Kind.GROUP
                ? ending.holders()
                : List.of();
    }

    /**
     * The view of a loop that sleeps, without the waits for what nobody can be said to hold. It does not wake the loop,
     * and gives way to it where both share a processor. Any thread.
     *
     * @return null if the loop does not sleep all the while
     */
    public static @Nullable LoopView ofSleeping(Loop loop) {
        return ofSleeping(loop, Thread::yield);
    }

    /**
     * As the other, with what gives way.
     *
     * @param giveWay called after each slice of scopes, behind which nothing more is read of a loop that has woken up
     */
    public static @Nullable LoopView ofSleeping(Loop loop, Runnable giveWay) {
        long turn = KERNEL.turnAsleep(loop);
        if (turn < 0) {
            return null;
        }
        var seen = new Sleeping(loop, turn, giveWay);
        try {
            KERNEL.visitScopes(loop, seen);
        } catch (RuntimeException e) {
            return null; // it has woken up and changes what is being read
        }
        long leftOut = Math.max(0, loop.statistics().aliveTasks() - seen.threads.size());
        VarHandle.loadLoadFence();
        return !seen.awake && KERNEL.turnAsleep(loop) == turn
                ? new LoopView(loop, seen.threads, seen.waiting, seen.plain, leftOut)
                : null;
    }

    /** What is read of a loop while it sleeps, scope by scope. */
    private static final class Sleeping implements Predicate<@Nullable Task<?>> {
        private final Loop loop;
        private final long turn;
        private final Runnable giveWay;
        private final List<Thread> threads = new ArrayList<>();
        private final List<WaitingTask> waiting = new ArrayList<>();
        private long plain;
        private int scopes;
        private boolean awake;

        Sleeping(Loop loop, long turn, Runnable giveWay) {
            this.loop = loop;
            this.turn = turn;
            this.giveWay = giveWay;
        }

        @Override
        public boolean test(@Nullable Task<?> task) {
            if (threads.size() == MAX_TASKS) {
                return false;
            }
            WaitingTask wait = task == null ? null : waiting(task);
            Thread thread = task == null ? null : KERNEL.thread(task);
            if (thread != null) {
                threads.add(thread);
            }
            if (wait != null && wait.isPlain()) {
                plain++;
            } else if (wait != null) {
                waiting.add(wait);
            }
            scopes++;
            if (scopes % SLICE == 0) {
                giveWay.run();
                awake = KERNEL.turnAsleep(loop) != turn;
            }
            return !awake;
        }
    }

    /**
     * Asks loops for their views, all at the same time, and waits a while for the answers. Who does not answer is left
     * out. Any thread or task. A cancel does not end it early.
     */
    public static List<LoopView> ask(List<Loop> loops) {
        return ask(loops, LoopView::of);
    }

    /**
     * Asks loops for what the JVM knows of their suspended tasks. Each answers on its own thread, since no other is
     * sure that they stay suspended. Any thread or task.
     */
    public static IdentityHashMap<Thread, ThreadFacts> askFacts(List<Loop> loops) {
        var facts = new IdentityHashMap<Thread, ThreadFacts>();
        ask(loops, LoopView::factsOfSuspended).forEach(facts::putAll);
        return facts;
    }

    /** What the JVM knows of the suspended tasks of a loop; on the loop. */
    public static IdentityHashMap<Thread, ThreadFacts> factsOfSuspended(Loop loop) {
        List<Task<?>> tasks = KERNEL.tasks(loop, MAX_TASKS);
        var facts = new IdentityHashMap<Thread, ThreadFacts>();
        for (Task<?> task : tasks) {
            Thread thread = KERNEL.thread(task);
            if (thread != null && KERNEL.isSuspended(task) && facts.size() < MAX_MONITORED) {
                facts.put(thread, ThreadFacts.ofUnmounted(thread));
            }
        }
        return facts;
    }

    /** Asks loops something, all at the same time, and waits a while for the answers. */
    public static <T> List<T> ask(List<Loop> loops, Function<Loop, T> question) {
        Queue<T> answers = new ConcurrentLinkedQueue<>();
        Thread asker = Thread.currentThread();
        int asked = 0;
        for (Loop loop : loops) {
            boolean alive = KERNEL.inLoop(loop, () -> {
                answers.add(question.apply(loop));
                LockSupport.unpark(asker);
            });
            asked += alive ? 1 : 0;
        }
        boolean interrupted = false;
        long start = System.nanoTime();
        for (long left = PATIENCE_NANOS; answers.size() < asked && left > 0;) {
            LockSupport.parkNanos(answers, left);
            interrupted |= Thread.interrupted();
            left = PATIENCE_NANOS - (System.nanoTime() - start);
        }
        if (interrupted) {
            asker.interrupt();
        }
        return List.copyOf(answers);
    }
}
