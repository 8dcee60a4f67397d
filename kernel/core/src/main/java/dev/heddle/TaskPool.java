package dev.heddle;

import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A part of a task group with a bound on how many tasks run at a time.
 *
 * <pre>{@code
 * group(g -> {
 *     TaskPool pool = g.pool(10);
 *     for (Connection connection : listener) {
 *         pool.spawn(() -> serve(connection));          // waits while 10 are served
 *     }
 * });
 * }</pre>
 *
 * <p>The tasks belong to the group in every way: it awaits them, and a failure of one fails it. Only mappings keep
 * their failures for {@link #imap}'s consumer. A place is free as soon as the body that had it has ended; waiting calls
 * get places in the order they came. A pool has no end of its own.
 *
 * <p>Threads: code on the group's loop. To test code that uses it, run it in the simulator.
 */
public final class TaskPool {

    private static final PartKind<TaskPool> KIND = PartKind.<TaskPool, TaskPoolStatistics>of(
            "task pool", TaskPool::statistics, (part, figures) -> PartKind.share(figures.running(), figures.limit()))
            .onLoop(pool -> pool.group.loop)
            .detailed(pool -> new PartDetail(List.of(), pool.waiting.waitedNanos()));

    private final TaskGroup group;
    private final int limit;
    private final ParkingLot waiting;
    private final ParkingLot awaitingEmpty;

    /** How many more calls are to find it full before it is registered; 0 for nothing left to do. */
    private int unseenCalls;

    private int running;
    private long spawned;

    TaskPool(TaskGroup group, int limit) {
        Checks.atLeast("limit", limit, 1);
        this.group = group;
        this.limit = limit;
        this.waiting = new ParkingLot("a place in a " + this);
        this.awaitingEmpty = new ParkingLot("the end of the tasks of a " + this);
        this.unseenCalls = Parts.addSoon(KIND, this);
    }

    // ---- spawning ----

    /**
     * Starts a task, waiting while the pool is full.
     *
     * <p>Cancellation: a cancelled call has started nothing.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the group has ended, or the caller is not on its loop
     */
    public <T> Task<T> spawn(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        takePlace();
        return start(body, body);
    }

    /** Starts a task without a result, waiting while the pool is full. */
    public Task<Void> spawn(Action body) {
        Objects.requireNonNull(body);
        takePlace();
        return start(TaskGroup.asCallable(body), body);
    }

    /** Starts a task if there is a place; empty if the pool is full. */
    public <T> Optional<Task<T>> trySpawn(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        return tryTakePlace() ? Optional.of(start(body, body)) : Optional.empty();
    }

    /** Starts a task without a result if there is a place; empty if the pool is full. */
    public Optional<Task<Void>> trySpawn(Action body) {
        Objects.requireNonNull(body);
        return tryTakePlace() ? Optional.of(start(TaskGroup.asCallable(body), body)) : Optional.empty();
    }

    /**
     * Starts a task, waiting at most so long while the pool is full; empty if it still is then.
     *
     * <p>Cancellation: a cancelled call has started nothing.
     */
    public <T> Optional<Task<T>> spawnWithin(Duration limit, Callable<? extends T> body) {
        Objects.requireNonNull(body);
        return takePlaceWithin(limit) ? Optional.of(start(body, body)) : Optional.empty();
    }

    /** Starts a task without a result, waiting at most so long while the pool is full; empty if it still is then. */
    public Optional<Task<Void>> spawnWithin(Duration limit, Action body) {
        Objects.requireNonNull(body);
        return takePlaceWithin(limit)
                ? Optional.of(start(TaskGroup.asCallable(body), body))
                : Optional.empty();
    }

    // ---- mapping ----

    /**
     * Maps items, each in a task, and gives the results in the order of the items, while they are asked for. At most as
     * many mappings as the pool's limit run or have run ahead of what was taken. See {@link Results} for failures and
     * for ending early.
     */
    public <A, B> Results<A, B> imap(Iterable<? extends A> items, Heddle.Mapper<? super A, ? extends B> mapper) {
        return new Results<>(items, mapper, limit, true, this::startMapping);
    }

    /** Maps items as {@link #imap} does and gives the results in the order in which they are done. */
    public <A, B> Results<A, B> imapUnordered(
            Iterable<? extends A> items, Heddle.Mapper<? super A, ? extends B> mapper) {
        return new Results<>(items, mapper, limit, false, this::startMapping);
    }

    /**
     * Maps items, each in a task, and gives all results in the order of the items. The first failure in that order is
     * thrown, and what is under way is cancelled.
     *
     * <p>Cancellation: a cancelled call takes no more items and has cancelled its tasks.
     */
    public <A, B> List<B> map(Iterable<? extends A> items, Heddle.Mapper<? super A, ? extends B> mapper) {
        List<B> all = new ArrayList<>();
        try (Results<A, B> results = imap(items, mapper)) {
            results.forEach(all::add);
        }
        return all;
    }

    private @Nullable Runnable startMapping(MappedItem<?, ?> mapping, boolean wait) {
        if (wait) {
            takePlace();
        } else if (!tryTakePlace()) {
            return null;
        }
        Task<?> task = start(mapping::run, mapping.mapper());
        return task::cancel;
    }

    // ---- places ----

    private void takePlace() {
        CancelScope.throwIfCancelled();
        if (!tryTakePlace()) {
            waiting.park();
            throwIfCancelledWithPlace();
        }
    }

    private boolean takePlaceWithin(Duration longest) {
        Objects.requireNonNull(longest);
        CancelScope.throwIfCancelled();
        if (tryTakePlace()) {
            return true;
        }
        if (!waiting.parkWithin(longest)) {
            return false;
        }
        throwIfCancelledWithPlace();
        return true;
    }

    private boolean tryTakePlace() {
        group.loop.requireHere("spawn into a pool of tasks");
        if (running >= limit || !waiting.isEmpty()) {
            if (unseenCalls > 0 && --unseenCalls == 0) {
                Parts.addLate(KIND, this);
            }
            return false;
        }
        running++;
        return true;
    }

    /** The place may have come from a task that failed and so cancelled the group. */
    private void throwIfCancelledWithPlace() {
        boolean cancelled = true;
        try {
            CancelScope.throwIfCancelled();
            cancelled = false;
        } finally {
            if (cancelled) {
                leave();
            }
        }
    }

    private <T> Task<T> start(Callable<? extends T> body, Object site) {
        boolean started = false;
        try {
            Task<T> task = group.spawnAs(null, new PooledBody<T>(this, body), site);
            started = true;
            spawned++;
            return task;
        } finally {
            if (!started) {
                leave();
            }
        }
    }

    /** Gives a place to the call that waits longest, if there is one. */
    private void leave() {
        if (waiting.unpark()) {
            return;
        }
        running--;
        if (running == 0) {
            awaitingEmpty.unparkAll();
        }
    }

    // ---- facts ----

    /**
     * Waits until no task of the pool runs.
     *
     * <p>Cancellation: a cancelled call leaves the tasks running.
     *
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws IllegalStateException if the caller is not on the pool's loop; or if it is a task of the pool, or belongs
     *     to one, and so would wait for itself
     */
    public void awaitEmpty() {
        CancelScope.throwIfCancelled();
        group.loop.requireHere("wait for a pool of tasks");
        for (Task<?> task = Task.currentOrNull(); task != null; task = task.parent().orElse(null)) {
            if (task.body() instanceof PooledBody<?> mine && mine.pool == this) {
                throw new IllegalStateException(
                        task + " runs in the " + this + " and cannot wait until no task of it runs");
            }
        }
        if (running > 0) {
            awaitingEmpty.park();
        }
    }

    /** How many tasks run now. */
    public int size() {
        return running;
    }

    /** Most tasks at a time. */
    public int limit() {
        return limit;
    }

    public TaskPoolStatistics statistics() {
        return new Statistics(limit, running, waiting.statistics().waiting(), spawned);
    }

    /** What a task of the pool does. */
    private record PooledBody<T>(TaskPool pool, Callable<? extends T> body) implements Callable<T> {
        @Override
        public T call() throws Exception {
            try {
                return body.call();
            } finally {
                pool.leave();
            }
        }
    }

    @Override
    public String toString() {
        return "pool of " + limit + " tasks";
    }

    /** What the statistics are, at one moment. */
    record Statistics(int limit, int running, int waiting, @Counter long spawned) implements TaskPoolStatistics {}
}
