package dev.heddle;

import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The functions that wait for several tasks or promises at once. Nothing here cancels what it waits for, but {@link
 * #cancelAll}; for work that belongs together, {@link Heddle#gather} and {@link Heddle#group} are shorter and leave
 * nothing running.
 *
 * <p>One that is given twice counts once, but for {@link #joinAll}, which then gives its result twice.
 *
 * <p>Threads: any task or thread; what is waited for may be on any loop.
 *
 * <p>A task that is among what it waits for would wait for ever, so that is refused with an {@link
 * IllegalStateException}.
 *
 * <p>Cancellation: a cancelled call leaves everything as it was.
 */
@AsksSystem("threads that are no tasks call it too")
public final class Tasks {

    private Tasks() {}

    /**
     * The answer of a wait: what had ended and what had not when it was over, each in the order of the arguments.
     *
     * @param done what has ended, in whatever way
     * @param pending what has not
     */
    public record Waited<J>(List<J> done, List<J> pending) {
        public Waited {
            done = List.copyOf(done);
            pending = List.copyOf(pending);
        }
    }

    /**
     * Waits for the first end, the first failure or all ends. What has ended before counts at once; of nothing at all,
     * all has ended.
     */
    public static <J extends Joinable<?>> Waited<J> await(Collection<? extends J> all, AwaitCondition until) {
        return waitFor(all, until, null);
    }

    /**
     * Waits as {@link #await} does, but no longer than told: {@code pending} then has what was not awaited.
     *
     * @param limit zero or less only looks
     */
    public static <J extends Joinable<?>> Waited<J> awaitWithin(
            Duration limit, Collection<? extends J> all, AwaitCondition until) {
        return waitFor(all, until, Objects.requireNonNull(limit));
    }

    /**
     * Gives what is waited for in the order in which it ends; what ended before comes first. The iterator's {@code
     * next} waits. One may be left early: what has not ended drops it when it is asked again, after the next garbage
     * collection.
     *
     * <pre>{@code
     * for (Task<Page> done : Tasks.asCompleted(tasks)) {
     *     show(done.join());
     * }
     * }</pre>
     */
    public static <J extends Joinable<?>> Iterable<J> asCompleted(Collection<? extends J> all) {
        Set<J> each = new LinkedHashSet<>(all);
        return () -> new CompletionQueue<>(each);
    }

    /**
     * Waits for all and gives the results in the order of the arguments. The first failure in time is thrown at once;
     * the others go on.
     *
     * @throws TaskCancelledException if the first that ended without a result was cancelled
     */
    public static <T> List<T> joinAll(Collection<? extends Joinable<? extends T>> all) {
        joinFirst(all.size(), all);
        List<T> results = new ArrayList<>(all.size());
        for (Joinable<? extends T> each : all) {
            results.add(each.join());
        }
        return results;
    }

    /**
     * Waits until so many have ended and gives these, in the order in which they ended. A failure among them is thrown
     * at once; the others go on.
     *
     * @param count how many to wait for; with more than there are, all
     */
    public static <J extends Joinable<?>> List<J> joinFirst(int count, Collection<? extends J> all) {
        Checks.notNegative("count", count);
        List<J> ended = new ArrayList<>();
        try (var completions = new CompletionQueue<J>(new LinkedHashSet<>(all))) {
            while (ended.size() < count && completions.hasNext()) {
                J next = completions.next();
                next.join();
                ended.add(next);
            }
        }
        return ended;
    }

    /**
     * Cancels tasks and waits until all have ended, in whatever way.
     *
     * <p>Cancellation: a cancelled call has cancelled them, but not seen the end of all.
     */
    public static void cancelAll(Collection<? extends Task<?>> all, String reason) {
        all.forEach(task -> task.cancel(reason));
        await(all, AwaitCondition.ALL_COMPLETED);
    }

    private static <J extends Joinable<?>> Waited<J> waitFor(
            Collection<? extends J> all, AwaitCondition until, @Nullable Duration limit) {
        Objects.requireNonNull(until);
        CancelScope.throwIfCancelled();
        Set<J> each = new LinkedHashSet<>(all);
        long nanos = limit == null ? 0 : Durations.toNanos(limit);
        long start = now();
        try (var completions = new CompletionQueue<J>(each)) {
            while (completions.hasNext()) {
                J next = limit == null
                        ? completions.next()
                        : completions.nextWithin(Duration.ofNanos(nanos - (now() - start)));
                // One that was taken already may have completed this wait; then it is no end of the time.
                if (next == null ? now() - start >= nanos : isEnough(next, until)) {
                    break;
                }
            }
        }
        Map<Boolean, List<J>> parts = each.stream().collect(Collectors.partitioningBy(Joinable::isDone));
        return new Waited<>(parts.getOrDefault(true, List.of()), parts.getOrDefault(false, List.of()));
    }

    private static boolean isEnough(Joinable<?> ended, AwaitCondition until) {
        return switch (until) {
            case FIRST_COMPLETED -> true;
            case FIRST_EXCEPTION -> switch (ended) {
                case Task<?> task -> task.peekFailure() != null;
                case Promise<?> promise -> promise.failure().isPresent();
            };
            case ALL_COMPLETED -> false;
        };
    }

    /** The time of the loop that the calling code is on, or of the system. */
    static long now() {
        Fiber fiber = Fiber.of(Thread.currentThread());
        return fiber == null ? System.nanoTime() : fiber.loop.nanoTime();
    }
}
