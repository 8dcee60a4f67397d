package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.Throwables;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The front door: the functions that run loops, spawn tasks, cancel, wait and offload. Import it whole:
 *
 * <pre>{@code
 * import static dev.heddle.Heddle.*;
 *
 * void main() {
 *     var pages = run(() -> map(urls, 100, url -> http.get(url).text()));
 * }
 * }</pre>
 *
 * <p>Bodies are {@link Callable}s, or {@link Action}s where there is no result. An unchecked exception of a body comes
 * out as it is, a checked one as the cause of a {@link TaskFailedException}; failures of tasks run together come out as
 * one {@link GroupException}.
 *
 * <p>Every waiting call here throws {@link CancelledException} while a scope around it is cancelled. All but {@link
 * #run} are for tasks and throw {@link IllegalStateException} elsewhere.
 *
 * <p>To test code that uses it, run it in the simulator: time then takes no time and the order comes from a seed.
 */
public final class Heddle {

    private Heddle() {}

    /** The function that {@link #map} applies to each item. */
    @FunctionalInterface
    public interface Mapper<A, B> {

        /** Makes a result of an item; runs in a task of its own. */
        B map(A item) throws Exception;
    }

    /** The action that {@link #forEach} does with each item. */
    @FunctionalInterface
    public interface ItemAction<A> {

        /** Does the work of an item; runs in a task of its own. */
        void run(A item) throws Exception;
    }

    // ---- run ----

    /**
     * Runs a body as the main task of a new loop, which the calling thread drives, and gives its result.
     *
     * <p>When the body has ended, tasks that are left are cancelled and awaited, and failures that nobody asked for are
     * reported. SIGINT, SIGTERM, SIGHUP or an interrupt of the calling thread cancels the main task; if it has not ended
     * when the {@linkplain Config#shutdownTimeout shutdown timeout} is over, it is named and left behind with what it
     * owns. A second SIGINT or SIGTERM ends the process. Where the {@link CancelledException} of a signal leaves the
     * program uncaught, the process ends with 128 and the number of the signal, and no stack trace.
     *
     * @throws CancelledException if the main task was cancelled, as by an interrupt of the calling thread; after a
     *     signal also where it has then ended with a result, so that no signal is lost
     * @throws IllegalStateException inside a task, or without the JVM flags that Heddle needs; the message names them
     */
    public static <T> T run(Callable<? extends T> body) {
        return run(Config.DEFAULT, body);
    }

    /** Runs a body without a result as the main task of a new loop. */
    public static void run(Action body) {
        run(Config.DEFAULT, TaskGroup.asCallable(body));
    }

    /** Runs a body as {@link #run(Callable)} does, on loops made as told. */
    public static <T> T run(Config config, Callable<? extends T> body) {
        return new Runner(config).run(body);
    }

    /** Runs a body without a result, on loops made as told. */
    public static void run(Config config, Action body) {
        run(config, TaskGroup.asCallable(body));
    }

    // ---- tasks ----

    /**
     * Starts a task that the current task owns: it is cancelled and awaited when the current task ends. A failure is
     * thrown by {@link Task#join}; one that nobody joins within a second is reported. To have failures stop other work,
     * use {@link #group}.
     */
    public static <T> Task<T> spawn(Callable<? extends T> body) {
        return Task.current().children().spawnAs(null, body, body);
    }

    /** Starts a task without a result that the current task owns. */
    public static Task<Void> spawn(Action body) {
        return Task.current().children().spawnAs(null, body);
    }

    /** Starts a task with a name that the current task owns. */
    public static <T> Task<T> spawn(String name, Callable<? extends T> body) {
        return Task.current().children().spawnAs(Objects.requireNonNull(name), body, body);
    }

    /** Starts a task with a name and without a result that the current task owns. */
    public static Task<Void> spawn(String name, Action body) {
        return Task.current().children().spawnAs(Objects.requireNonNull(name), body);
    }

    /**
     * A thread factory whose threads are tasks of this loop from their start, owned by the current task. It is for code
     * that starts threads by itself, such as a {@code StructuredTaskScope}:
     *
     * <pre>{@code
     * try (var scope = StructuredTaskScope.open(Joiner.allSuccessfulOrThrow(),
     *         config -> config.withThreadFactory(threadFactory()))) {
     *     var page = scope.fork(() -> http.get(url).text());
     *     scope.join();
     *     return page.get();
     * }
     * }</pre>
     *
     * <p>Such a thread takes turns with the other tasks and sees the deadlines and cancels around this call. An
     * interrupt cancels it, and so does a scope that ends its forks. What it throws is reported, since nobody joins it.
     *
     * <p>The threads live no longer than the scope, group or task in which this was called: what is left then is
     * cancelled and awaited.
     *
     * <p>Threads: the factory makes threads on this loop only, and throws {@link IllegalStateException} elsewhere; any
     * thread may start them. It throws {@link java.util.concurrent.RejectedExecutionException} when the scope was left.
     */
    public static ThreadFactory threadFactory() {
        return threadFactory(Task.current().threads(), null);
    }

    /** A thread factory whose threads are tasks of this loop, all with this name. */
    public static ThreadFactory threadFactory(String name) {
        return threadFactory(Task.current().threads(), Objects.requireNonNull(name));
    }

    private static ThreadFactory threadFactory(TaskGroup owner, @Nullable String name) {
        return body -> owner.threadFor(name, body);
    }

    /**
     * Opens a group, runs the body with it, and waits until all its tasks have ended.
     *
     * <p>Cancellation: a cancelled call has cancelled the group's tasks and seen their end.
     *
     * @return what the body gave
     * @throws GroupException if the body or tasks failed; the first failure cancelled the others
     * @throws TaskCancelledException if the group's own cancel cut the body off, so that there is no result
     */
    public static <T> T group(TaskGroup.Body<? extends T> body) {
        Objects.requireNonNull(body);
        return value(TaskGroup.run(body), "the group");
    }

    /** Opens a group for a body without a result. The group's own cancel just ends it. */
    public static void group(TaskGroup.VoidBody body) {
        Objects.requireNonNull(body);
        CancelScope.isDone(TaskGroup.run(body));
    }

    /**
     * Opens a group in which the failure of a task cancels nobody: for tasks that are added over time and have nothing
     * to do with each other. What fails is for who {@linkplain Task#join() joins} it; failures that nobody has read by
     * the end come out then. A failure of the body still cancels the tasks, and so does an {@link Error} of any of
     * them. Otherwise as {@link #group(TaskGroup.Body)}.
     *
     * <pre>{@code
     * tolerantGroup(g -> {
     *     for (Order order : orders) {                    // as they come in
     *         g.spawn(() -> ship(order));
     *     }
     * });
     * }</pre>
     *
     * <p>Cancellation: a cancelled call has cancelled the group's tasks and seen their end.
     *
     * @return what the body gave
     * @throws GroupException if the body failed, or tasks did and nobody has read it; of more than 1,000 such tasks the
     *     first are reported to {@link Config#failureHandler} instead
     * @throws TaskCancelledException if the group's own cancel cut the body off, so that there is no result
     */
    public static <T> T tolerantGroup(TaskGroup.Body<? extends T> body) {
        Objects.requireNonNull(body);
        return value(TaskGroup.runTolerant(body), "the group");
    }

    /** Opens a group in which the failure of a task cancels nobody, for a body without a result. */
    public static void tolerantGroup(TaskGroup.VoidBody body) {
        Objects.requireNonNull(body);
        CancelScope.isDone(TaskGroup.runTolerant(body));
    }

    /**
     * Runs bodies at the same time, each in a task, and gives their results in the order of the arguments.
     *
     * <p>Cancellation: a cancelled call has cancelled all bodies and seen their end.
     *
     * @throws GroupException if bodies failed; the first failure cancelled the others
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T> List<T> gather(Callable<? extends T>... bodies) {
        return Combinators.gather(List.of(bodies));
    }

    /** Runs bodies at the same time and gives their results in order. */
    public static <T> List<T> gather(Collection<? extends Callable<? extends T>> bodies) {
        return Combinators.gather(bodies);
    }

    /** Runs bodies without results at the same time and waits for all. */
    public static void gather(Action... bodies) {
        Combinators.gather(Stream.of(bodies).map(TaskGroup::asCallable).toList());
    }

    /**
     * Runs bodies at the same time to their ends, whatever they are, and gives these as values in the order of the
     * arguments. No failure stops the others, but an {@link Error} does.
     *
     * <p>Cancellation: a cancelled call has cancelled all bodies and seen their end.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T> List<Outcome<T>> gatherOutcomes(Callable<? extends T>... bodies) {
        return Combinators.gatherOutcomes(List.of(bodies));
    }

    /** Runs bodies at the same time to their ends and gives these as values in order. */
    public static <T> List<Outcome<T>> gatherOutcomes(Collection<? extends Callable<? extends T>> bodies) {
        return Combinators.gatherOutcomes(bodies);
    }

    /**
     * Runs bodies at the same time and gives the result of the first that succeeds; the others are cancelled and
     * awaited. A body may end with a result all the same, before it sees its cancel: that result is closed if it is
     * {@link AutoCloseable}, and dropped if not. To take just one element of several channels, use a select.
     *
     * <p>Cancellation: a cancelled call has cancelled all bodies and seen their end; a result that has won is still
     * given.
     *
     * @throws GroupException if all failed
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <T> T race(Callable<? extends T>... bodies) {
        return Combinators.race(List.of(bodies));
    }

    /** Runs bodies at the same time and gives the result of the first that succeeds. */
    public static <T> T race(Collection<? extends Callable<? extends T>> bodies) {
        return Combinators.race(bodies);
    }

    /**
     * Maps items, each in a task, at most {@code limit} at a time, and gives the results in the order of the items.
     * Items are taken as places become free, so an endless source is fine as long as something ends it.
     *
     * <p>Cancellation: a cancelled call takes no more items, has cancelled its tasks and seen their end.
     *
     * @param limit most tasks at a time, at least 1
     * @throws GroupException if mappings failed; the first failure cancelled the others
     */
    public static <A, B> List<B> map(
            Iterable<? extends A> items, int limit, Mapper<? super A, ? extends B> mapper) {
        return Combinators.map(items, limit, mapper);
    }

    /**
     * Does an action with each item, each in a task, at most {@code limit} at a time, and waits for all: a {@link #map}
     * without results, which keeps nothing of items that are done.
     *
     * <p>Cancellation: a cancelled call takes no more items, has cancelled its tasks and seen their end.
     *
     * @param limit most tasks at a time, at least 1
     * @throws GroupException if actions failed; the first failure cancelled the others
     * @throws TaskCancelledException if the task of an item was cancelled alone, so that the item is not done
     */
    public static <A> void forEach(Iterable<? extends A> items, int limit, ItemAction<? super A> action) {
        Combinators.forEach(items, limit, action);
    }

    // ---- time ----

    /**
     * Waits for a time, never less. Zero or less is a {@link #checkpoint}.
     *
     * <p>Cancellation: a cancelled call ends early and leaves nothing behind.
     */
    public static void sleep(Duration duration) {
        Sleep.sleep(Task.current(), duration);
    }

    /**
     * Runs a body and says how long it took, by the clock of the loop, which is simulated where the loop is.
     *
     * <p>Cancellation: reaches the body, and passes on without a time.
     *
     * @throws TaskFailedException if the body threw a checked exception; others pass as they are
     */
    public static Duration measureTime(Action body) {
        Objects.requireNonNull(body);
        Loop loop = currentLoop();
        long start = loop.nanoTime();
        try {
            body.run();
        } catch (Exception e) {
            throw Throwables.unchecked(e);
        }
        return Duration.ofNanos(loop.nanoTime() - start);
    }

    /**
     * Runs a body under a deadline. When it passes, what the body waits for is cancelled, and its clean-up is awaited.
     *
     * <p>A body that ends with a result or with a failure of its own keeps it, also late; such a failure has a {@link
     * DeadlineExceededException} suppressed, since a driver that swallows an interrupt hides what has cut it off. With a duration of zero or
     * less the body still runs, to its first waiting call, which gives way.
     *
     * <p>Cancellation: from outside it reaches the body, whose end is awaited, and passes on.
     *
     * @throws DeadlineExceededException if the deadline cut the body off; its cause is what left the body: a {@link
     *     CancelledException} with the failures of {@code close()} calls on the way, or the exception that a library
     *     made of the interrupt
     */
    public static <T> T timeout(Duration duration, Callable<? extends T> body) {
        Objects.requireNonNull(duration);
        Objects.requireNonNull(body);
        CancelScope scope = CancelScope.inside(Task.current(), false);
        Object result = scope.callUntil(duration, body);
        if (result instanceof CutOff(Throwable by) && scope.hasExpired()) {
            throw new DeadlineExceededException("not done within " + Durations.words(duration), by);
        }
        return value(result, "the timeout's scope");
    }

    /** Runs a body without a result under a deadline. */
    public static void timeout(Duration duration, Action body) {
        Heddle.<Void>timeout(duration, TaskGroup.asCallable(body));
    }

    /**
     * Runs a body under a deadline and moves on without its result when the deadline cuts it off, also where a library
     * has made an exception of its own of the interrupt. Failures of {@code close()} calls on the way are reported to
     * {@link Config#failureHandler}.
     *
     * <p>Cancellation: from outside it reaches the body, whose end is awaited, and passes on.
     *
     * @return the result; empty if the deadline cut the body off
     * @throws NullPointerException if the body gave null, which would look as if it was cut off: for a body without a
     *     result, also {@code task::join} of a task without one, write {@code (Action) task::join} or {@code () -> {
     *     task.join(); }}
     */
    public static <T> Optional<T> moveOnAfter(Duration duration, Callable<? extends T> body) {
        return CancelScope.orEmpty(callUntil(duration, body));
    }

    /**
     * Runs a body without a result under a deadline and moves on when the deadline cuts it off.
     *
     * @return whether the body was done
     */
    public static boolean moveOnAfter(Duration duration, Action body) {
        return CancelScope.isDone(callUntil(duration, TaskGroup.asCallable(body)));
    }

    private static @Nullable Object callUntil(Duration duration, Callable<?> body) {
        Objects.requireNonNull(duration);
        Objects.requireNonNull(body);
        return CancelScope.inside(Task.current(), false).callUntil(duration, body);
    }

    // ---- cancelling ----

    /**
     * Runs a body that no cancel from outside reaches: for clean-up that must wait. Keep it short, or give it a
     * deadline with {@link #shield(Duration, Callable)}; until it ends, nothing around it can end.
     */
    public static <T> T shield(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        return value(CancelScope.inside(Task.current(), true).call(body), "the shield");
    }

    /** Runs a body without a result that no cancel from outside reaches. */
    public static void shield(Action body) {
        Heddle.<Void>shield(TaskGroup.asCallable(body));
    }

    /**
     * Runs a body that no cancel from outside reaches, under a deadline of its own.
     *
     * @throws DeadlineExceededException if the deadline cut the body off
     */
    public static <T> T shield(Duration duration, Callable<? extends T> body) {
        return shield(() -> timeout(duration, body));
    }

    /** Runs a body without a result that no cancel from outside reaches, under a deadline of its own. */
    public static void shield(Duration duration, Action body) {
        Heddle.<Void>shield(() -> timeout(duration, TaskGroup.asCallable(body)));
    }

    /**
     * Lets the other tasks of the loop run once, and throws if cancelled: for loops that never wait. A deadline around
     * it that is over when it returns has cancelled, however late the loop's timers are.
     */
    public static void checkpoint() {
        Task<?> task = Task.current();
        task.throwIfCancelled();
        task.giveWay();
        task.throwIfCancelled();
    }

    // ---- the outside ----

    /**
     * Runs blocking or busy work on a worker thread and waits for it, while the other tasks of the loop go on. Scoped
     * values come along. A process has at most 64 workers; a body that waits in a way the JDK knows gives its worker to
     * another.
     *
     * <p>Cancellation: a body that no worker has begun never runs; a running one is interrupted, its {@link
     * CancelScope#throwIfCancelled} throws, and its end is awaited. A result that it still gives is delivered.
     */
    public static <T> T offload(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        Task<?> task = Task.current();
        if (task.loop().engine().isSimulated()) {
            return Simulated.offload(body);
        }
        return OffloadThreads.run(task, body);
    }

    /** Runs blocking or busy work without a result on a worker thread and waits for it. */
    public static void offload(Action body) {
        Heddle.<Void>offload(TaskGroup.asCallable(body));
    }

    /**
     * Waits for a completion stage of the JDK. A failure comes out as a body's would.
     *
     * <p>Cancellation: the stage is left as it is; it may be somebody else's too.
     *
     * @throws TaskCancelledException if the stage was cancelled
     */
    public static <T> T await(CompletionStage<? extends T> stage) {
        return CompletionStages.await(stage);
    }

    /** The running task. */
    public static Task<?> currentTask() {
        return Task.current();
    }

    /** The loop that runs the calling code, a task or a callback. */
    public static Loop currentLoop() {
        Fiber fiber = Fiber.of(Thread.currentThread());
        return fiber == null ? Task.current().loop() : fiber.loop;
    }

    // A body may give null, and T then says so.
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T value(@Nullable Object result, String what) {
        if (result instanceof CutOff(Throwable by)) {
            throw new TaskCancelledException(what + " was cancelled before its body had a result", by);
        }
        return (T) result;
    }
}
