package dev.heddle.internal.sight;

import dev.heddle.Action;
import dev.heddle.Instrument;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel as seen from outside: its loops and their tasks. Looking changes nothing, and holds no loop up for longer
 * than a slice of a walk takes.
 *
 * <p>Threads: any that is not a loop's own, unless a method says otherwise. The words for what is seen ({@code
 * toString()} of users' objects, stacks) are made by who asks, never on a loop.
 */
public abstract class Kernel {

    private static volatile @Nullable Kernel installed;

    /** Who hears of each loop, and who of troubles; mostly nobody. */
    private static final List<Consumer<Loop>> LOOP_LISTENERS = new CopyOnWriteArrayList<>();

    private static final List<Consumer<String>> TROUBLE_LISTENERS = new CopyOnWriteArrayList<>();

    /** Only the kernel makes one. */
    protected Kernel() {}

    /** Has the kernel be found; called by it, before its first loop. */
    public static void install(Kernel kernel) {
        installed = kernel;
    }

    /**
     * The kernel of this process.
     *
     * @throws NullPointerException before the first loop begins
     */
    public static Kernel get() {
        return Objects.requireNonNull(installed, "no loop has begun in this process");
    }

    /** Whether a loop has begun in this process. */
    public static boolean hasBegun() {
        return installed != null;
    }

    /**
     * Tells somebody of each loop: of those that live at once, of others when they begin, on the thread that makes them
     * and before their first turn. Of one that begins now it may tell twice. The listener must not fail.
     *
     * @return ends it
     */
    public static Runnable eachLoop(Consumer<Loop> listener) {
        LOOP_LISTENERS.add(listener);
        Kernel kernel = installed;
        if (kernel != null) {
            kernel.loops().forEach(listener);
        }
        return () -> LOOP_LISTENERS.remove(listener);
    }

    /** A loop begins; called by the kernel. */
    public static void loopBegins(Loop loop) {
        LOOP_LISTENERS.forEach(listener -> listener.accept(loop));
    }

    /**
     * Tells somebody of troubles from now on: a loop that is held or has come down, a deadlock. On any thread, also a
     * loop's, so the listener is quick, and must not fail.
     *
     * @return ends it
     */
    public static Runnable onTrouble(Consumer<String> listener) {
        TROUBLE_LISTENERS.add(listener);
        return () -> TROUBLE_LISTENERS.remove(listener);
    }

    /** There is trouble; called by the kernel. */
    public static void trouble(String what) {
        TROUBLE_LISTENERS.forEach(listener -> listener.accept(what));
    }

    /** The loops that have not ended, by their names. */
    public abstract List<Loop> loops();

    /** The figures of a loop, without asking it: they are true for a moment ago, also when it hangs. */
    public abstract LoopSight look(Loop loop);

    /** Begins a walk through the tasks of a loop; to be closed. */
    public abstract TaskWalk walk(Loop loop);

    /** Walks through the tasks of a loop to the end, or until the loop does not answer within a second. */
    public final void walkAll(Loop loop, Consumer<List<TaskSight>> slices) {
        try (TaskWalk walk = walk(loop)) {
            for (List<TaskSight> slice = walk.next().orElse(List.of()); !slice.isEmpty();) {
                slices.accept(slice);
                slice = walk.next().orElse(List.of());
            }
        }
    }

    /**
     * The graph of what waits, over all loops and threads. A loop that does not answer costs a second.
     *
     * @param most most waits to list
     * @param all whether to list also the tasks that wait for what nobody can be said to hold
     */
    public abstract Waits waits(int most, boolean all);

    /** The same of some threads, by their numbers, and of those that wait for them, and no others. */
    public abstract Waits waits(Set<Long> threads);

    /** {@code pending} before its first turn, {@code ready}, {@code waiting}, or {@code foreign} for a wait in code that
     * is not ours. A task is never seen while it runs. */
    public abstract String state(TaskSight seen);

    /** What a task that was seen waits for, for people; empty if it does not wait. Calls code of users. */
    public abstract String waitingFor(TaskSight seen);

    /** Who holds what a task waits for, for people; empty if nobody does, or it is not known. */
    public abstract List<String> holders(TaskSight seen);

    /** The process in which the wait of a task will be ended; 0 if it is this one, or not known. */
    public abstract long process(TaskSight seen);

    /** The task of a number, if it has not ended and its loop answers within a second. */
    public abstract Optional<Task<?>> find(Loop loop, long id);

    /**
     * Has an instrument see the tasks of a loop from its next turn on, beside those that do already.
     *
     * @return takes it off again, at the loop's next turn
     */
    public abstract Runnable instrument(Loop loop, Instrument instrument);

    /**
     * As {@link #instrument}, for one that hears more.
     *
     * @return takes it off again, the first time that it is run
     */
    public final Runnable watch(Loop loop, TaskWatch watch) {
        return once(instrument(loop, watch));
    }

    /**
     * Has a recorder hear all that a loop does, in place of the one before: at once on the loop itself, else from its
     * next turn on.
     *
     * @return takes it off again, the first time that it is run
     */
    public final Runnable record(Loop loop, LoopRecorder recorder) {
        return once(setRecorder(loop, recorder));
    }

    /** Has a loop be recorded; what it returns takes the recorder off again. */
    protected abstract Runnable setRecorder(Loop loop, LoopRecorder recorder);

    private static Runnable once(Runnable takeOff) {
        var taken = new AtomicBoolean();
        return () -> {
            if (!taken.getAndSet(true)) {
                takeOff.run();
            }
        };
    }

    /**
     * Says what the running task is about from now on: a glance, and a word to those who watch. Any thread.
     *
     * @param label such as the route of a request; null for nothing of that kind
     */
    public static void label(@Nullable String label) {
        Kernel kernel = installed;
        if (kernel != null) {
            kernel.labelled(label);
        }
    }

    /**
     * What a task says that it is about, or else what one of those says that it belongs to; null if none does. Any
     * thread; what another one asks may have changed since.
     */
    public abstract @Nullable String labelOf(Task<?> task);

    /** The code that calls is about something, if it is a task. */
    protected abstract void labelled(@Nullable String label);

    /**
     * What a task waits for, or has waited for until it became ready just now: the object whose words say so; null if it
     * is nothing of ours. Any thread.
     */
    public abstract @Nullable Object waitsFor(Task<?> task);

    /**
     * How long somebody has waited, coarsely; -1 if that is not known, as of a thread that is no task. Any thread.
     */
    public abstract long waitedNanos(Waiter waiter);

    /** How long a task has waited, coarsely; -1 if it does not. Any thread. */
    public abstract long waitedNanos(Task<?> task);

    /** How long ago a task was spawned, coarsely. Any thread. */
    public abstract long ageNanos(Task<?> task);

    /** The place where a task was spawned; null if that is not known. Any thread. */
    public abstract @Nullable StackTraceElement spawnedAt(Task<?> task);

    /**
     * How long a part of the current loop may take to stop in order, such as a server with its grace, so that all of the
     * stop fits into the {@linkplain dev.heddle.Config#shutdownTimeout shutdown timeout}; 292 years while the loop is not
     * about to end, and in a thread that is no task.
     */
    public static Duration stopTime() {
        return Duration.ofNanos(Task.ofThread(Thread.currentThread())
                .map(task -> get().stopNanos(task.loop()))
                .orElse(Long.MAX_VALUE));
    }

    /** A grace, or what {@link #stopTime} leaves of it. */
    public static Duration withinStop(Duration grace) {
        return Durations.shorter(grace, stopTime());
    }

    /** How long a part of a loop has at most that stops in order with the end of its loop. Any thread. */
    public static Duration longestStop(Loop loop) {
        return Duration.ofNanos(get().stopNanosInAll(loop));
    }

    /** What a stop in order has from now on, in nanoseconds; {@code Long.MAX_VALUE} before the end has begun. */
    protected abstract long stopNanos(Loop loop);

    /** What a stop in order has that begins with the end of the loop, in nanoseconds. */
    protected abstract long stopNanosInAll(Loop loop);

    /**
     * The threads that run for tasks of a loop now, in bodies that these have offloaded or given to a pool. A watch that
     * is set already hears when they end, and when others begin. Any thread.
     */
    public abstract Map<Thread, Task<?>> bodies(Loop loop);

    /** The thread that a task lives on; null when it has ended. Any thread. */
    public abstract @Nullable Thread thread(Task<?> task);

    /** The number of the task that owns another; 0 if that is the loop. Any thread. */
    public abstract long parent(Task<?> task);

    /** How deep in its owner's code the group of a task is; 0 if it was spawned without one. Any thread. */
    public abstract int group(Task<?> task);

    /** Whether a task serves the others of its group. Any thread. */
    public abstract boolean isService(Task<?> task);

    /**
     * Starts a task that its loop owns and that whoever stops in order with the loop ends, such as a server. The end of the
     * loop cancels it when all of the loop's other tasks have ended. What it throws is reported, unless somebody joins
     * it. On the loop.
     */
    public abstract Task<Void> spawnService(Loop loop, String name, Action body);

    /** What a watcher keeps of a task; null while nobody does. On its loop. */
    public abstract @Nullable Object note(Task<?> task);

    /** Keeps something of a task as long as the task lives, in place of what was kept before. On its loop. */
    public abstract void note(Task<?> task, @Nullable Object note);

    /** When the loop itself last looked at its clock, which it does before it runs what is ready. On the loop. */
    public abstract long lastLook(Loop loop);

    /**
     * The task that the calling code works for: its own, or the one that has offloaded it or given it to a pool of
     * threads; null if none. On any thread.
     */
    public abstract @Nullable Task<?> served();

    /** The name that a task was given when it was spawned; null if none was. Any thread, also a loop's own. */
    public abstract @Nullable String givenName(Task<?> task);
}
