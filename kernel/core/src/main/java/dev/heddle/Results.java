package dev.heddle;

import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Throwables;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The results of mapped items, made while they are asked for: what {@code imap} of a {@link TaskPool} or a {@link
 * WorkerPool} gives.
 *
 * <pre>{@code
 * try (Results<URI, Page> pages = pool.imap(uris, Page::load)) {
 *     for (Page page : pages) { ... }                 // ends early? close() cancels what is still under way
 * }
 * }</pre>
 *
 * <p>Nothing runs by itself: taking a result starts mappings up to the bound and then waits for the next result. So at
 * most so many mappings run or have run without being taken, an endless source is fine, and a consumer that stops
 * leaves nothing waiting. Results that were given are not kept.
 *
 * <p>A mapping that failed throws at its place, a checked exception as the cause of a {@link TaskFailedException}, and
 * the iteration can go on behind it. {@link #outcomes} tells which item it was. When the source of the items fails,
 * that comes after the results of the items before, and ends the iteration.
 *
 * <p>There is one pass: every iterator goes on where the last one stopped.
 *
 * <p>Threads: one consumer at a time, for a task pool a task of its loop. Cancellation: a cancelled call has taken no
 * result; the next call gets it. To test code that uses it, run it in the simulator.
 *
 * @param <A> the items
 * @param <B> the results
 */
public final class Results<A, B> implements Iterable<B>, AutoCloseable {

    /**
     * The result of one item.
     *
     * @param index the place of the item in the source, from 0
     */
    public record Mapped<A, B>(long index, A item, Outcome<B> outcome) {}

    /**
     * The starter of mappings, for {@link #of}: what an executor does that gives results.
     *
     * @param <A> the items
     * @param <B> the results
     */
    @FunctionalInterface
    public interface Starter<A extends @Nullable Object, B extends @Nullable Object> {

        /**
         * Starts the mapping of an item. Called by the consumer of the results.
         *
         * @param wait whether to wait for a place if there is none
         * @param onEnd to be run once when there is an outcome, by any thread, also in this very call
         * @return null if nothing was started, since there was no place and none was to be waited for
         */
        @Nullable Started<B> start(A item, boolean wait, Runnable onEnd);
    }

    /**
     * A mapping under way.
     *
     * @param <B> the result
     */
    public interface Started<B extends @Nullable Object> {

        /** Its outcome, after the end; asked once at most, by the consumer when it takes the result. */
        Outcome<B> outcome();

        /** Has it end soon, if it has not ended; the outcome does not matter any more. Any thread. */
        void cancel();
    }

    private final Iterator<? extends A> items;
    private final Heddle.Mapper<? super A, ? extends B> mapper;
    private final int ahead;
    private final boolean ordered;
    private final MappedItem.Starter starter;

    /** Held by the one call that takes results now, also while it waits. */
    private final AtomicBoolean taking = new AtomicBoolean();

    // The consumer's alone:
    private long index;
    private boolean sourceEnded;
    private @Nullable Throwable sourceFailure;
    private @Nullable MappedItem<A, B> unstarted;

    // Behind the lock:
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashSet<MappedItem<A, B>> started = new LinkedHashSet<>();
    private final ArrayDeque<MappedItem<A, B>> ended = new ArrayDeque<>();
    private @Nullable Waiter consumer;
    private boolean closed;

    /**
     * @param ahead most mappings that are started and not taken
     * @param ordered whether results come in the order of the items; else in the order of their ends
     */
    Results(
            Iterable<? extends A> items,
            Heddle.Mapper<? super A, ? extends B> mapper,
            int ahead,
            boolean ordered,
            MappedItem.Starter starter) {
        this.items = items.iterator();
        this.mapper = Objects.requireNonNull(mapper);
        this.ahead = ahead;
        this.ordered = ordered;
        this.starter = starter;
    }

    /**
     * Makes the results of an executor of one's own.
     *
     * @param ahead most mappings that are started and not taken, at least 1
     * @param ordered whether results come in the order of the items; else in the order of their ends
     */
    public static <A, B> Results<A, B> of(
            Iterable<? extends A> items, int ahead, boolean ordered, Starter<? super A, B> starter) {
        Objects.requireNonNull(starter);
        Checks.atLeast("ahead", ahead, 1);
        return new Results<A, B>(
                items,
                item -> {
                    throw new IllegalStateException("the starter maps");
                },
                ahead,
                ordered,
                (mapping, wait) -> {
                    @SuppressWarnings("unchecked")
                    var own = (MappedItem<A, B>) mapping;
                    return own.startBy(starter, wait);
                });
    }

    /** The results. {@code hasNext} may wait for the source of the items, {@code next} also for the result. */
    @Override
    public Iterator<B> iterator() {
        Iterator<Mapped<A, B>> outcomes = outcomes().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return outcomes.hasNext();
            }

            @Override
            public B next() {
                return outcomes.next().outcome().get();
            }
        };
    }

    /** The same pass with the items beside their results; a failed mapping does not throw here. */
    public Iterable<Mapped<A, B>> outcomes() {
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return exclusively(Results.this::hasMore);
            }

            @Override
            public Mapped<A, B> next() {
                return exclusively(Results.this::take);
            }
        };
    }

    /** Cancels the mappings under way; there is no next result then. Idempotent, any thread, waits for nothing. */
    @Override
    public void close() {
        List<MappedItem<A, B>> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(started);
            started.clear();
            ended.clear();
            if (consumer != null) {
                consumer.complete();
            }
        } finally {
            lock.unlock();
        }
        left.forEach(MappedItem::cancel);
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return "results of mappings" + (closed ? ", closed" : ", " + started.size() + " under way");
        } finally {
            lock.unlock();
        }
    }

    // ---- the consumer ----

    private <T> T exclusively(Supplier<T> call) {
        CancelScope.throwIfCancelled();
        if (!taking.compareAndSet(false, true)) {
            throw new BusyException("another task takes these results now; one consumer at a time");
        }
        try {
            return call.get();
        } finally {
            taking.set(false);
        }
    }

    private boolean hasMore() {
        return !isClosed() && (underWay() > 0 || sourceHasNext() || sourceFailure != null);
    }

    private Mapped<A, B> take() {
        if (!hasMore()) {
            throw new NoSuchElementException();
        }
        fill();
        MappedItem<A, B> taken;
        while (true) {
            var waiter = new Waiter("the next result of a mapping");
            lock.lock();
            try {
                MappedItem<A, B> head = head();
                if (head != null && head.ended) {
                    started.remove(head);
                    ended.remove(head);
                    taken = head;
                    break;
                }
                if (closed) {
                    throw new ClosedException("the results were closed before the next one was there");
                }
                if (started.isEmpty()) {
                    throw takeSourceFailure();
                }
                consumer = waiter;
            } finally {
                lock.unlock();
            }
            await(waiter);
        }
        return taken.mapped();
    }

    private void await(Waiter waiter) {
        try {
            waiter.await();
        } finally {
            lock.lock();
            try {
                consumer = null;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Starts mappings up to the bound. Only the first waits for a place: behind it there is a result to wait for. */
    private void fill() {
        int underWay = underWay();
        while (underWay < ahead && sourceHasNext() && startNext(underWay == 0)) {
            underWay++;
        }
    }

    private boolean sourceHasNext() {
        if (unstarted != null) {
            return true;
        }
        try {
            sourceEnded = sourceEnded || !items.hasNext();
        } catch (RuntimeException | Error e) {
            sourceFailed(e);
        }
        return !sourceEnded;
    }

    private boolean startNext(boolean wait) {
        try {
            MappedItem<A, B> mapping = unstarted;
            if (mapping == null) {
                A item = items.next();
                mapping = new MappedItem<>(this, index++, item);
                unstarted = mapping;
            }
            if (start(mapping, wait)) {
                unstarted = null;
                return true;
            }
        } catch (RuntimeException | Error e) {
            sourceFailed(e);
        }
        return false;
    }

    private boolean start(MappedItem<A, B> mapping, boolean wait) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            started.add(mapping);
        } finally {
            lock.unlock();
        }
        Runnable canceller = null;
        try {
            canceller = starter.start(mapping, wait);
        } finally {
            boolean cancel;
            lock.lock();
            try {
                mapping.canceller = canceller;
                cancel = closed;
                if (canceller == null) {
                    started.remove(mapping);
                }
            } finally {
                lock.unlock();
            }
            if (cancel) {
                mapping.cancel();
            }
        }
        return canceller != null;
    }

    /** A cancel is no failure of the source: the next call goes on with it. */
    private void sourceFailed(Throwable e) {
        if (Cancellation.isCancellation(e)) {
            throw Throwables.unchecked(e);
        }
        sourceEnded = true;
        unstarted = null;
        sourceFailure = e;
    }

    private RuntimeException takeSourceFailure() {
        if (sourceFailure == null) {
            return new NoSuchElementException();
        }
        Throwable failure = sourceFailure;
        sourceFailure = null;
        return Throwables.unchecked(failure);
    }

    private int underWay() {
        lock.lock();
        try {
            return started.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    // ---- the mappings ----

    Heddle.Mapper<? super A, ? extends B> mapper() {
        return mapper;
    }

    /** The mapping whose result is to be given next, behind the lock. */
    private @Nullable MappedItem<A, B> head() {
        if (!ordered) {
            return ended.peek();
        }
        return started.isEmpty() ? null : started.getFirst();
    }

    /** @param outcome null if it is to be asked for later */
    void end(MappedItem<A, B> mapping, @Nullable Outcome<B> outcome) {
        lock.lock();
        try {
            if (mapping.ended || !started.contains(mapping)) {
                return;
            }
            mapping.ended = true;
            mapping.outcome = outcome;
            if (!ordered) {
                ended.add(mapping);
            }
            if (consumer != null && head() == mapping) {
                consumer.complete();
            }
        } finally {
            lock.unlock();
        }
    }
}
