package dev.heddle.sync;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Task;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Holders;
import dev.heddle.internal.Holds;
import dev.heddle.internal.UserWords;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A limiter: a number of tokens, of which each borrower may have one, for how many use something at the same time. The
 * number may change.
 *
 * <pre>{@code
 * ConcurrencyLimiter database = ConcurrencyLimiter.named("database", 20);
 * database.run(() -> query());
 * database.setTotal(40);
 * }</pre>
 *
 * <p>The borrower is the calling task or thread, or any object that is named: a request, a file. A borrower that asks
 * for a second token is refused, because a task that waits for itself would wait for ever. Tokens are given in the
 * order of asking. {@link #run(Action)} gives the token back in the end. Where a task, a body or a thread has borrowed
 * one for itself and ends without giving it back, this is done for it, and reported as a failure; of a thread within a
 * second, and when somebody asks. Who is named as a borrower keeps its token.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has no token.
 */
public final class ConcurrencyLimiter implements Permits {

    /** A total that never makes anybody wait. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final PartKind<ConcurrencyLimiter> KIND = PartKind
            .<ConcurrencyLimiter, ConcurrencyLimiterStatistics>of(
                    "limiter", ConcurrencyLimiter::statistics,
                    (part, figures) -> PartKind.share(figures.borrowed(), figures.total()))
            .titled(ConcurrencyLimiter::toString)
            .detailed(limiter -> limiter.waiting.detail(limiter.lent()));

    private final OrderedLock lock = new OrderedLock();
    private final String name;
    private final ParkedCalls waiting;

    /** Who has a token or waits for one. Written under the lock; reports read it without. */
    private final Map<Object, Loan> loans = new ConcurrentHashMap<>();

    /** How many have a token. */
    private int borrowed;

    /** How many threads that are no tasks have a token or wait for one. */
    private int threads;

    private final Holds.Held held = this::holderEnded;
    private int total;

    private ConcurrencyLimiter(String name, int total) {
        this.name = name;
        Checks.notNegative("total", total);
        this.total = total;
        this.waiting = new ParkedCalls(lock, "acquiring a token of " + name, this::holders, held);
        waiting.show(KIND, this);
    }

    /**
     * Makes a limiter.
     *
     * @param total how many tokens there are, 0 or more; with 0, every call waits until {@link #setTotal}
     */
    public static ConcurrencyLimiter of(int total) {
        return new ConcurrencyLimiter("a limiter", total);
    }

    /** Makes a limiter with a name that shows in reports and failures. */
    public static ConcurrencyLimiter named(String name, int total) {
        return new ConcurrencyLimiter("limiter " + Objects.requireNonNull(name), total);
    }

    // ---- for the calling task or thread ----

    /**
     * Borrows a token for the calling task or thread, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has no token.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the caller has a token already
     */
    @Override
    public void acquire() {
        acquireFor(caller());
    }

    /**
     * Borrows a token for the calling task or thread, waiting while there is none, but not longer than told.
     *
     * <p>Cancellation: a cancelled call has no token.
     *
     * @param limit zero or less only tries
     * @return whether the caller has a token now
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the caller has a token already
     */
    @Override
    public boolean acquireWithin(Duration limit) {
        Objects.requireNonNull(limit);
        CancelScope.throwIfCancelled();
        return acquireWithin(caller(), limit);
    }

    /**
     * Borrows a token for the calling task or thread if there is one.
     *
     * @return whether the caller has a token now
     * @throws IllegalStateException if the caller has a token already
     */
    @Override
    public boolean tryAcquire() {
        return tryAcquireFor(caller());
    }

    /**
     * Gives the token of the calling task or thread back.
     *
     * @throws IllegalStateException if it has none
     */
    @Override
    public void release() {
        releaseFor(caller());
    }

    // ---- for any borrower ----

    /**
     * Borrows a token for a borrower, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has no token.
     *
     * @param borrower compared by {@code equals}, which must not call this limiter; whoever knows it may give the token
     *     back
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException if the borrower has a token or waits for one already
     */
    public void acquireFor(Object borrower) {
        Objects.requireNonNull(borrower);
        CancelScope.throwIfCancelled();
        acquireWithin(borrower, ParkedCalls.FOREVER);
    }

    /**
     * Borrows a token for a borrower if there is one.
     *
     * @return whether the borrower has a token now
     * @throws IllegalStateException if the borrower has a token or waits for one already
     */
    public boolean tryAcquireFor(Object borrower) {
        Objects.requireNonNull(borrower);
        lockAndCall();
        try {
            return acquireNow(borrower);
        } finally {
            calledAndUnlock();
        }
    }

    /**
     * Gives the token of a borrower back.
     *
     * @throws IllegalStateException if it has none
     */
    public void releaseFor(Object borrower) {
        Objects.requireNonNull(borrower);
        lockAndCall();
        try {
            if (!takeBack(borrower)) {
                throw new IllegalStateException(text(borrower) + " has no token of " + name);
            }
            if (borrower == caller()) {
                Holds.remove(held);
            }
        } finally {
            calledAndUnlock();
        }
    }

    // ---- the number ----

    /**
     * Changes the number of tokens. More tokens go to waiting calls at once. With fewer, nobody loses a token; none is
     * lent until enough have come back.
     *
     * @param total 0 or more
     */
    public void setTotal(int total) {
        Checks.notNegative("total", total);
        lock.lock();
        try {
            this.total = total;
            lend();
        } finally {
            lock.unlock();
        }
    }

    public ConcurrencyLimiterStatistics statistics() {
        lock.lock();
        try {
            return new Statistics(total, borrowed, waiting.size(), borrowers());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** One who has a token or waits for one. */
    private static final class Loan {
        final Object borrower;
        final Thread thread = Thread.currentThread();

        /** Written under the lock. */
        volatile boolean lent;

        Loan(Object borrower) {
            this.borrower = borrower;
        }
    }

    /** Empty where a borrower is only named: whoever knows it may end the wait. */
    private List<Thread> holders() {
        List<Thread> holders = new ArrayList<>();
        for (Loan loan : loans.values()) {
            if (loan.lent && loan.borrower != borrower(loan.thread)) {
                return List.of();
            }
            if (loan.lent) {
                holders.add(loan.thread);
            }
        }
        return holders;
    }

    private List<Object> borrowers() {
        return loans.values().stream()
                .filter(loan -> loan.lent)
                .map(loan -> loan.borrower)
                .toList();
    }

    /** Tasks and threads are somewhere; a borrower that is only named is not. */
    private List<PartDetail.Holder> lent() {
        return loans.values().stream()
                .filter(loan -> loan.lent)
                .limit(PartDetail.MAX_HOLDERS)
                .map(loan -> loan.borrower == borrower(loan.thread)
                        ? PartDetail.Holder.of(Holders.name(loan.thread), loan.thread, -1)
                        : new PartDetail.Holder(UserWords.of(loan.borrower), 0, -1, null))
                .toList();
    }

    /** Takes the lock for a part that may call equals and hashCode of a borrower. */
    private void lockAndCall() {
        lock.lock();
        lock.call();
    }

    private void calledAndUnlock() {
        lock.called();
        lock.unlock();
    }

    // ---- under the lock ----

    private @Nullable Parked acquireOrPark(Object borrower) {
        lockAndCall();
        try {
            if (acquireNow(borrower)) {
                return null;
            }
            boolean mustLook = threads > 0;
            Parked call = waiting.addFor(addLoan(borrower));
            call.mustLook = mustLook;
            return call;
        } finally {
            calledAndUnlock();
        }
    }

    /** Nobody waits while there is a token, so this passes nobody by. */
    private boolean acquireNow(Object borrower) {
        Loan mine = loans.get(borrower);
        if (mine != null) {
            throw new IllegalStateException(text(borrower) + (mine.lent ? " has a token of " : " waits for a token of ")
                    + name + " already");
        }
        if (borrowed >= total && !takeBackOfEndedThreads()) {
            return false;
        }
        lend(addLoan(borrower));
        holdIfForItself(borrower);
        return true;
    }

    private Loan addLoan(Object borrower) {
        var loan = new Loan(borrower);
        loans.put(borrower, loan);
        if (borrower == loan.thread) {
            threads++;
        }
        return loan;
    }

    private void removeLoan(Loan loan) {
        loans.remove(loan.borrower);
        if (loan.borrower == loan.thread) {
            threads--;
        }
    }

    private void lend(Loan loan) {
        loan.lent = true;
        borrowed++;
    }

    private boolean takeBack(Object borrower) {
        Loan loan = loans.get(borrower);
        if (loan == null || !loan.lent) {
            return false;
        }
        removeLoan(loan);
        borrowed--;
        lend();
        return true;
    }

    /** Gives what tokens there are to those who wait longest. */
    private void lend() {
        while (borrowed < total) {
            Parked next = waiting.wakeFirst();
            if (next == null) {
                return;
            }
            lend((Loan) Objects.requireNonNull(next.borrower));
        }
    }

    // ---- waiting ----

    private boolean acquireWithin(Object borrower, Duration limit) {
        Parked call = acquireOrPark(borrower);
        if (call == null) {
            return true;
        }
        try {
            if (!waiting.await(call, limit, this::look)) {
                return false;
            }
            holdIfForItself(borrower);
            return true;
        } finally {
            if (!call.waiter.isCompleted()) {
                askNoMore(call);
            }
        }
    }

    private void askNoMore(Parked call) {
        lockAndCall();
        try {
            removeLoan((Loan) Objects.requireNonNull(call.borrower));
        } finally {
            calledAndUnlock();
        }
    }

    // ---- the end of a borrower ----

    private void holdIfForItself(Object borrower) {
        if (borrower == caller()) {
            Holds.add(held);
        }
    }

    private void holderEnded(Thread thread, boolean goesOn) {
        boolean had;
        lock.lock();
        try {
            had = takeBack(borrower(thread));
        } finally {
            lock.unlock();
        }
        if (had) {
            report(thread, goesOn);
        }
    }

    private void look() {
        lock.lock();
        try {
            takeBackOfEndedThreads();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock; whether there is a token now. The end of all others is told. */
    private boolean takeBackOfEndedThreads() {
        if (threads == 0) {
            return false;
        }
        for (Loan loan : loans.values()) {
            Thread thread = loan.thread;
            if (loan.borrower == thread && !thread.isAlive() && takeBack(thread)) {
                Thread.ofVirtual().start(() -> report(thread, false));
            }
        }
        return borrowed < total;
    }

    private void report(Thread ended, boolean goesOn) {
        Holders.report(ended, Holders.ended(ended, goesOn) + " ended without giving its token of " + name
                + " back; it was given back for it", name + " has lost a borrower");
    }

    private static Object caller() {
        return borrower(Thread.currentThread());
    }

    private static Object borrower(Thread thread) {
        return Task.ofThread(thread).<Object>map(task -> task).orElse(thread);
    }

    private static String text(Object borrower) {
        return borrower instanceof Thread thread ? Holders.name(thread) : borrower.toString();
    }

    /** What the statistics are, at one moment. */
    record Statistics(int total, int borrowed, int waiting,
            List<Object> borrowers) implements ConcurrencyLimiterStatistics {
        Statistics {
            borrowers = List.copyOf(borrowers);
        }
    }
}
