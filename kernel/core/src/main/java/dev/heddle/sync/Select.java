package dev.heddle.sync;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Joinable;
import dev.heddle.Waiter;
import dev.heddle.internal.sight.WaitHints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A wait for several things at once, of which exactly one is done.
 *
 * <pre>{@code
 * String what = Select.<String>of()
 *     .receive(numbers, n -> "got " + n)
 *     .send(out, "x", () -> "sent")
 *     .join(task, value -> "the task gave " + value)
 *     .get();
 * }</pre>
 *
 * <p>Of several that are ready one is picked at random, on a loop by its engine, so that a simulation repeats it and no
 * thing starves another. {@link #inOrder()} picks the first one listed.
 *
 * <p>A channel that is closed, and for receiving also drained, is ready: {@code get} then throws what a send or receive
 * would. To go on with the others instead, give {@code receive} an {@code onEnd}. The same thing may be listed several
 * times. What has ended is ready for ever: a select that is used again needs to be made anew without it.
 *
 * <p>How it works: the locks of all things are taken in one order (as Go does), each thing is tried, and only if none
 * is ready one waiter is left with all of them. Because that is one step for everybody else, two selects that face each
 * other meet, and whichever thing commits the waiter first has won. The others are left before the result is given.
 *
 * <p>Threads: made and used by one task or thread at a time; what it waits for may be used by any. To test code that
 * uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has done none of the things, and left nothing with them.
 *
 * @param <R> what the clauses give
 */
public final class Select<R> {

    private final boolean inOrder;
    private final List<Clause<R>> clauses = new ArrayList<>(4);

    /** The same, as they were tried last. */
    private final List<Clause<R>> order = new ArrayList<>(4);

    /** Each once, by rising number, when they have been put in order. */
    private final List<OrderedLock> locks = new ArrayList<>(4);

    private boolean locksAreInOrder = true;

    /** Whether there are things without a lock. */
    private boolean joins;

    /** Of the things without a lock the first that ended while this waited, for the call that waits. */
    private final AtomicReference<@Nullable Clause<R>> endedFirst = new AtomicReference<>();

    private final AtomicBoolean busy = new AtomicBoolean();

    private Select(boolean inOrder) {
        this.inOrder = inOrder;
    }

    /** Makes a select that picks at random among the clauses that are ready. */
    public static <R> Select<R> of() {
        return new Select<>(false);
    }

    /** Makes a select that picks the clause listed first among those that are ready. */
    public static <R> Select<R> inOrder() {
        return new Select<>(true);
    }

    // ---- clauses ----

    /** Receives an element. */
    public <T> Select<R> receive(Source<T> source, Function<? super T, ? extends R> onElement) {
        return receiveFrom(source, onElement, null);
    }

    /**
     * Receives an element.
     *
     * @param onEnd gives the result if the source is closed and drained. A failure and a cut-off are thrown all the
     *     same
     */
    public <T> Select<R> receive(
            Source<T> source, Function<? super T, ? extends R> onElement, Supplier<? extends R> onEnd) {
        return receiveFrom(source, onElement, Objects.requireNonNull(onEnd));
    }

    private <T> Select<R> receiveFrom(
            Source<T> source, Function<? super T, ? extends R> onElement, @Nullable Supplier<? extends R> onEnd) {
        return add(
                switch (source) {
                    case Channel<T> channel -> new ReceiveClause<>(channel.core, null, onElement, onEnd);
                    case Receiver<T> receiver ->
                        new ReceiveClause<>(receiver.core, receiver.end, onElement, onEnd);
                    case WorkQueue<T> queue -> new ReceiveClause<>(queue.core, null, onElement, onEnd);
                });
    }

    /** Sends an element. */
    public <T> Select<R> send(Sink<T> sink, T element, Supplier<? extends R> onSent) {
        return add(
                switch (sink) {
                    case Channel<T> channel -> new SendClause<>(channel.core, null, element, onSent);
                    case Sender<T> sender -> new SendClause<>(sender.core, sender.end, element, onSent);
                    case WorkQueue<T> queue -> new SendClause<>(queue.core, null, element, onSent);
                });
    }

    /**
     * Waits for the end of a task or promise. If it failed or was cancelled, that is thrown as {@link Joinable#join}
     * does.
     */
    public <T> Select<R> join(Joinable<T> joined, Function<? super T, ? extends R> onResult) {
        return add(new JoinClause<>(this, joined, onResult));
    }

    /** Waits until an event is set. */
    public Select<R> await(Event event, Supplier<? extends R> onSet) {
        return add(new AwaitClause<>(event, onSet));
    }

    Select<R> add(Clause<R> clause) {
        OrderedLock lock = clause.lock();
        if (lock == null) {
            joins = true;
        } else {
            locks.add(lock);
            locksAreInOrder = false;
        }
        clauses.add(clause);
        order.add(clause);
        return this;
    }

    // ---- selecting ----

    /**
     * Waits until one of the things is done. May be called again.
     *
     * <p>Cancellation: a cancelled call has done none of the things.
     *
     * @return what the clause's function gave, which is called when nothing is held any more; what it throws is thrown
     *     here
     * @throws ClosedException if something is closed that was picked
     * @throws BrokenException if something is broken that was picked
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws BusyException if this select is in use already
     * @throws IllegalStateException if it has no clause, or joins the task that waits
     */
    @SuppressWarnings("NullAway") // a clause may give null, and R then says so
    public R get() {
        CancelScope.throwIfCancelled();
        return select(true, null);
    }

    /**
     * Waits until one of the things is done, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has done none of the things.
     *
     * @param limit zero or less does not wait
     * @return what the clause's function gave; empty if that was null, or the time is over, and then nothing was done
     * @throws ClosedException if something is closed that was picked
     * @throws BrokenException if something is broken that was picked
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     * @throws BusyException if this select is in use already
     * @throws IllegalStateException if it has no clause, or joins the task that waits
     */
    public Optional<R> getWithin(Duration limit) {
        Objects.requireNonNull(limit);
        CancelScope.throwIfCancelled();
        return Optional.ofNullable(select(true, limit));
    }

    /**
     * Does one of the things if one is ready.
     *
     * @return what the clause's function gave; empty if that was null, or none is ready
     * @throws ClosedException if something is closed that was picked
     * @throws BrokenException if something is broken that was picked
     * @throws BusyException if this select is in use already
     * @throws IllegalStateException if it has no clause
     */
    public Optional<R> tryGet() {
        return Optional.ofNullable(select(false, null));
    }

    private @Nullable R select(boolean waits, @Nullable Duration limit) {
        if (clauses.isEmpty()) {
            throw new IllegalStateException("a select needs at least one clause");
        }
        if (!busy.compareAndSet(false, true)) {
            throw new BusyException("this select is in use already; make one for each task");
        }
        try {
            Clause<R> chosen = choose(waits, limit);
            return chosen == null ? null : chosen.finish();
        } finally {
            busy.set(false);
        }
    }

    private @Nullable Clause<R> choose(boolean waits, @Nullable Duration limit) {
        putLocksInOrder();
        var waiter = new Waiter(new Selecting());
        Clause<R> ready = attempt(waits && !joins ? waiter : null);
        if (ready == null && waits && joins) {
            ready = attemptJoining(waiter);
        }
        return ready == null && waits ? await(waiter, limit) : ready;
    }

    private void putLocksInOrder() {
        if (!locksAreInOrder) {
            locks.sort(Comparator.comparingLong(each -> each.number));
            int last = 0;
            for (int next = 1; next < locks.size(); next++) {
                if (locks.get(next) != locks.get(last)) {
                    locks.set(++last, locks.get(next));
                }
            }
            locks.subList(last + 1, locks.size()).clear();
            locksAreInOrder = true;
        }
    }

    /**
     * Does one of the things now. If none is ready, those with a lock are left the waiter, if there is one to leave.
     */
    private @Nullable Clause<R> attempt(@Nullable Waiter waiter) {
        locks.forEach(OrderedLock::lock);
        try {
            Clause<R> ready = attemptOne();
            if (ready == null && waiter != null) {
                enqueue(waiter, true);
            }
            return ready;
        } finally {
            locks.forEach(OrderedLock::unlock);
        }
    }

    /**
     * Leaves the waiter with the things without a lock first: who asks a promise that ends just then may have to tell
     * the others who wait for it, and what they do must not happen under a lock. What cannot be joined is refused while
     * nothing is left elsewhere.
     */
    private @Nullable Clause<R> attemptJoining(Waiter waiter) {
        boolean waiting = false;
        endedFirst.set(null);
        try {
            enqueue(waiter, false);
            Clause<R> ready = attempt(waiter);
            waiting = ready == null;
            return ready;
        } finally {
            if (!waiting) {
                leaveAll();
            }
        }
    }

    /** Those with a lock under all locks, the others under none. */
    private void enqueue(Waiter waiter, boolean withLock) {
        for (Clause<R> clause : clauses) {
            if (withLock == (clause.lock() != null)) {
                clause.enqueue(waiter);
            }
        }
    }

    /**
     * Under all locks. Unless they are to be tried in order, who is next is drawn from those not tried yet; so of those
     * that are ready each is as likely to be the first.
     */
    private @Nullable Clause<R> attemptOne() {
        for (int next = 0; next < order.size(); next++) {
            if (!inOrder) {
                Collections.swap(order, next, next + Waiter.pick(order.size() - next));
            }
            Clause<R> clause = order.get(next);
            if (clause.attempt()) {
                return clause;
            }
        }
        return null;
    }

    private @Nullable Clause<R> await(Waiter waiter, @Nullable Duration limit) {
        boolean decided = false;
        Clause<R> winner;
        try {
            if (limit == null) {
                waiter.await();
                decided = true;
            } else {
                decided = waiter.awaitWithin(limit) || !waiter.cancel();
            }
        } finally {
            winner = leaveAll();
        }
        if (!decided) {
            return null;
        }
        // None with a lock has decided it, so one of the others has.
        return winner == null ? Objects.requireNonNull(endedFirst.get()) : winner;
    }

    /** The clause that decided the waiter, as far as clauses know. */
    private @Nullable Clause<R> leaveAll() {
        Clause<R> winner = null;
        for (Clause<R> clause : clauses) {
            if (leave(clause)) {
                winner = clause;
            }
        }
        return winner;
    }

    /** A thing without a lock has ended while this waits; from any thread, before the waiter is completed. */
    void ended(Clause<R> clause) {
        endedFirst.compareAndSet(null, clause);
    }

    private static boolean leave(Clause<?> clause) {
        OrderedLock lock = clause.lock();
        if (lock == null) {
            return clause.leave();
        }
        lock.lock();
        try {
            return clause.leave();
        } finally {
            lock.unlock();
        }
    }

    /** What it waits for, for reports. */
    @Override
    public String toString() {
        return clauses.stream().map(Clause::toString).collect(Collectors.joining(", or ", "selecting: ", ""));
    }

    /** What it waits for, and who could end that. */
    private final class Selecting implements WaitHints {

        @Override
        public long[] lastThreads() {
            return clauses.stream().mapToLong(Clause::lastThread).toArray();
        }

        @Override
        public String toString() {
            return Select.this.toString();
        }
    }
}
