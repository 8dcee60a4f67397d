package dev.heddle.sync;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Durations;
import dev.heddle.internal.ReportLog;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker: it fails calls of something that has failed too often at once, instead of letting everybody wait
 * for the next failure, and gives what has failed time to recover (M. Nygard, Release It!, 2007). Nygard, Release
 * It!, 2007).
 *
 * <pre>{@code
 * CircuitBreaker bank = CircuitBreaker.of("bank", CircuitBreakerOptions.DEFAULT);
 * Receipt receipt = bank.call(() -> timeout(Duration.ofSeconds(2), () -> pay(order)));
 * }</pre>
 *
 * <pre>
 *   CLOSED ── too many of a window have failed ──▶ OPEN ── the pause is over ──▶ HALF_OPEN ── trials succeed ──▶ CLOSED
 *                                                   ◀──────── a trial fails ────────┘
 * </pre>
 *
 * <p>A deadline belongs into the body, as above: then a call that takes too long is a failure. One around it is a
 * cancel of the call, which says nothing about what is called, and counts as nothing. So do results of calls that
 * began before the last change of state. A trial that has not ended within the pause holds nobody up: another one may
 * begin.
 *
 * <p>The log says once that it has opened, with the failure, and once that it has closed. {@code heddle pools} shows
 * it.
 *
 * <p>Threads: any task of any loop, and platform threads. Calls do not wait for each other. To test code that uses it,
 * run it in the simulator.
 */
@AsksSystem("threads that are no tasks call it too")
public final class CircuitBreaker {

    /** Whether a circuit breaker lets calls pass. */
    public enum State {
        /** All pass. */
        CLOSED,
        /** None pass. */
        OPEN,
        /** Some pass, to find out whether the others may. */
        HALF_OPEN
    }

    private static final PartKind<CircuitBreaker> KIND = PartKind.<CircuitBreaker, CircuitBreakerStatistics>of(
            "circuit breaker", CircuitBreaker::statistics, CircuitBreaker::pressure).titled(CircuitBreaker::toString);

    private static final BoundedLog LOG = new BoundedLog(new ReportLog("dev.heddle", CircuitBreaker.class));

    /** Calls leave the window by tenths of it. */
    private static final int SLICES = 10;

    /** What a call that has ended tells of what was called. */
    private enum Verdict {
        SUCCESS,
        FAILURE,
        NOTHING
    }

    private final String name;
    private final CircuitBreakerOptions options;
    private final long sliceNanos;
    private final ReentrantLock lock = new ReentrantLock();

    // ---- under the lock ----

    private State state = State.CLOSED;

    /** Counts the changes of state: what a call tells is of the one in which it passed. */
    private long round;

    /** The calls of the last slices of time, the places taken in turn. */
    private final long[] calls = new long[SLICES];

    private final long[] failed = new long[SLICES];

    /** The place of the newest slice, and when it began; nothing yet before the first call. */
    private int slice;

    private long sliceBegan;
    private boolean isCounting;

    /** Why it has opened. */
    private String why = "";

    private @Nullable Throwable lastFailure;

    /** When it opened since it was closed. */
    private long openedAt;

    private long openUntil;

    /** How often in a row it has opened. */
    private int openings;

    private int trialsUnderWay;
    private int trialsDone;
    private long lastTrialAt;
    private long refused;
    private long opened;

    private CircuitBreaker(String name, CircuitBreakerOptions options) {
        this.name = Objects.requireNonNull(name);
        this.options = Objects.requireNonNull(options);
        this.sliceNanos = Durations.toNanos(options.window()) / SLICES;
        Parts.add(KIND, this);
    }

    /** Makes one that is closed, with a name that shows in reports and failures. */
    public static CircuitBreaker of(String name, CircuitBreakerOptions options) {
        return new CircuitBreaker(name, options);
    }

    /**
     * Runs a body if calls pass.
     *
     * <p>Cancellation: as the body; a cancelled call counts as nothing.
     *
     * @return the result; a failure of the body is thrown, a checked one as the cause of a {@link
     *     dev.heddle.TaskFailedException}
     * @throws CircuitOpenException if calls do not pass; nothing was begun
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public <T> T call(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        CancelScope.throwIfCancelled();
        long passedIn = pass();
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            ended(passedIn, verdict(e), e);
            throw Throwables.unchecked(e);
        }
        ended(passedIn, Verdict.SUCCESS, null);
        return result;
    }

    /** Runs a body without a result if calls pass, see {@link #call}. */
    public void run(Action body) {
        Objects.requireNonNull(body);
        call(() -> {
            body.run();
            return Boolean.TRUE;
        });
    }

    /**
     * Ends the pause of one that is open: the next calls try at once whether it may close. For whoever has other signs
     * that what is called works again, such as a check of its health.
     */
    public void endPause() {
        long now = now();
        lock.lock();
        try {
            openUntil = state == State.OPEN ? now : openUntil;
        } finally {
            lock.unlock();
        }
    }

    /** The statistics at this moment. */
    public CircuitBreakerStatistics statistics() {
        long now = now();
        lock.lock();
        try {
            forgetUntil(now);
            State seen = state == State.OPEN && now - openUntil >= 0 ? State.HALF_OPEN : state;
            return new Statistics(seen, sum(calls), sum(failed), trialsUnderWay, refused, opened);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "circuit breaker " + name;
    }

    private static double pressure(CircuitBreaker breaker, CircuitBreakerStatistics figures) {
        return figures.state() != State.CLOSED
                ? 1
                : figures.calls() < breaker.options.minCalls()
                        ? 0
                        : figures.failures() / (figures.calls() * breaker.options.failureShare());
    }

    // ---- a call's way ----

    /** Lets a call through, and gives the round in which it does. */
    private long pass() {
        long now = now();
        String refusal;
        Duration retryAfter;
        @Nullable Throwable cause;
        lock.lock();
        try {
            if (state == State.OPEN && now - openUntil >= 0) {
                become(State.HALF_OPEN);
            }
            if (passes(now)) {
                return round;
            }
            refused++;
            boolean isOpen = state == State.OPEN;
            retryAfter = isOpen ? Duration.ofNanos(openUntil - now) : Duration.ZERO;
            refusal = (isOpen
                    ? " is open for another " + Durations.words(retryAfter)
                    : " lets no more through than the " + trialsUnderWay + " that try whether it may close") + ": "
                    + why;
            cause = lastFailure;
        } finally {
            lock.unlock();
        }
        throw new CircuitOpenException(this + refusal, retryAfter, cause);
    }

    private boolean passes(long now) {
        if (state != State.HALF_OPEN) {
            return state == State.CLOSED;
        }
        if (trialsUnderWay + trialsDone >= options.trials() && now - lastTrialAt < pauseNanos()) {
            return false;
        }
        trialsUnderWay++;
        lastTrialAt = now;
        return true;
    }

    private Verdict verdict(Throwable thrown) {
        if (!(thrown instanceof Exception failure) || isCancelled()) {
            return Verdict.NOTHING;
        }
        try {
            // What is called has answered, if only with this.
            return hasFailed(failure) ? Verdict.FAILURE : Verdict.SUCCESS;
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            return Verdict.FAILURE;
        }
    }

    private boolean hasFailed(Exception thrown) {
        for (Throwable leaf : GroupException.leaves(thrown)) {
            if (!(leaf instanceof Exception e) || options.failures().test(e)) {
                return true;
            }
        }
        return false;
    }

    /** Then the body may throw anything; nobody wants the result any more. */
    private static boolean isCancelled() {
        try {
            CancelScope.throwIfCancelled();
            return false;
        } catch (CancelledException e) {
            return true;
        }
    }

    private void ended(long passedIn, Verdict verdict, @Nullable Throwable thrown) {
        long now = now();
        String news = null;
        lock.lock();
        try {
            if (passedIn != round) {
                return;
            }
            if (state == State.HALF_OPEN) {
                trialsUnderWay--;
                news = triedOut(verdict, thrown, now);
            } else if (verdict != Verdict.NOTHING) {
                news = counted(verdict, thrown, now);
            }
        } finally {
            lock.unlock();
        }
        if (news != null) {
            boolean isBad = verdict == Verdict.FAILURE;
            LOG.log(isBad ? Level.WARNING : Level.INFO, news, isBad ? thrown : null);
        }
    }

    /** @return what the log is to say; null if nothing */
    private @Nullable String counted(Verdict verdict, @Nullable Throwable thrown, long now) {
        forgetUntil(now);
        calls[slice]++;
        if (verdict == Verdict.SUCCESS) {
            return null;
        }
        failed[slice]++;
        long all = sum(calls);
        long bad = sum(failed);
        if (all < options.minCalls() || bad < all * options.failureShare()) {
            return null;
        }
        openedAt = now;
        openings = 0;
        open(bad + " of " + all + " calls have failed within " + text(Durations.toNanos(options.window())), thrown,
                now);
        return this + " has opened for " + text(openUntil - now) + ": " + why;
    }

    private @Nullable String triedOut(Verdict verdict, @Nullable Throwable thrown, long now) {
        if (verdict == Verdict.FAILURE) {
            // The log has told of it already, and it has not closed since.
            open("a call that tried whether it may close has failed", thrown, now);
        }
        if (verdict != Verdict.SUCCESS || ++trialsDone < options.trials()) {
            return null;
        }
        become(State.CLOSED);
        lastFailure = null;
        return this + " has closed again; it was open for " + text(now - openedAt);
    }

    private void open(String reason, @Nullable Throwable thrown, long now) {
        become(State.OPEN);
        why = reason;
        lastFailure = thrown;
        opened++;
        openings++;
        openUntil = now + Durations.toNanos(options.pause().delay(openings, random()));
    }

    private void become(State next) {
        state = next;
        round++;
        trialsUnderWay = 0;
        trialsDone = 0;
        clear();
    }

    private void clear() {
        Arrays.fill(calls, 0);
        Arrays.fill(failed, 0);
    }

    private long pauseNanos() {
        return Durations.toNanos(options.pause().bound(openings));
    }

    // ---- time ----

    private void forgetUntil(long now) {
        long passed = now - sliceBegan;
        // No thread is a slice late: then it is the clock of another simulation.
        if (!isCounting || passed < -sliceNanos || passed >= sliceNanos * SLICES) {
            clear();
            sliceBegan = now;
            isCounting = true;
            return;
        }
        for (; passed >= sliceNanos; passed -= sliceNanos) {
            slice = (slice + 1) % SLICES;
            calls[slice] = 0;
            failed[slice] = 0;
            sliceBegan += sliceNanos;
        }
    }

    private static long sum(long[] numbers) {
        long sum = 0;
        for (long number : numbers) {
            sum += number;
        }
        return sum;
    }

    /** In a simulation the loop's own; all real clocks are one. */
    private static long now() {
        Loop loop = loop();
        return loop == null ? System.nanoTime() : loop.nanoTime();
    }

    private static long random() {
        Loop loop = loop();
        return loop == null ? ThreadLocalRandom.current().nextLong() : loop.engine().random();
    }

    private static @Nullable Loop loop() {
        try {
            return Heddle.currentLoop();
        } catch (IllegalStateException e) {
            return null; // a thread of somebody else's
        }
    }

    private static String text(long nanos) {
        return Durations.words(Duration.ofNanos(nanos));
    }

    /** What the statistics are, at one moment. */
    record Statistics(CircuitBreaker.State state, long calls, long failures, int trials, @Counter long refused,
            @Counter long opened) implements CircuitBreakerStatistics {}
}
