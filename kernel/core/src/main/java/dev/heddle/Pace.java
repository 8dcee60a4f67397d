package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.UserLine;
import dev.heddle.internal.loop.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pace of a task that does over and over what cannot wait any more: each round is held back, the longer it goes on
 * the longer.
 *
 * <p>The pause of the n-th round is {@code n/32} of the time since the last pause was over, and 50 ms at most. So the
 * share of the loop that the task takes falls as {@code 32/n}, whatever a round costs and however many tasks do the
 * same, and some rounds cost next to nothing. A short pause is a turn for the others.
 *
 * <p>From their eighth round on, the tasks of a loop take turns in its {@link Lane}, so that many of them together take
 * little more of it than one.
 *
 * <p>Threads: the task's own, or its loop's while it is suspended.
 */
final class Pace {

    /** The longest pause. */
    static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A pause that is shorter is a turn for the others, without a timer. */
    static final long MIN_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /** How many rounds there are before a pause is as long as what was done since the last one. */
    static final int EVEN = 32;

    /** A round counts as this at least: simulated code takes no time. */
    static final long MIN_ROUND_NANOS = TimeUnit.MICROSECONDS.toNanos(3);

    /** And as this at most: who does something else between does not spin. */
    private static final long MAX_ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

    /** So many rounds a task has without regard to others: code that tries again a few times comes through. */
    private static final int ALONE = 8;

    /** How far apart the rounds of different tasks in a lane are, unless their pauses are shorter. */
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** For so long the others of a lane hold a task back at most. */
    private static final long MAX_TURN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** For so long it goes on, in {@link #EVEN} rounds at least, before it is reported. */
    private static final long REPORTED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What is on the stack above a call that looks for a cancel. */
    private static final Set<String> CHECKS = Stream.of(
            Thread.class, StackTraces.class, Pace.class, SpinGuard.class, SwallowedCancel.class, RefusedCalls.class,
            Task.class,
            CancelScope.class, Waiter.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private final long sinceNanos;
    private long rounds;
    private long resumedNanos;
    private boolean told;

    Pace(long nowNanos, boolean told) {
        this.sinceNanos = nowNanos;
        this.resumedNanos = nowNanos;
        this.told = told;
    }

    /**
     * Counts a round.
     *
     * @param lane that of the task's loop
     * @return the nanoseconds by which the next is held back
     */
    long next(long nowNanos, Lane lane) {
        rounds++;
        long round = Math.clamp(nowNanos - resumedNanos, MIN_ROUND_NANOS, MAX_ROUND_NANOS);
        long pause = Math.min(MAX_PAUSE_NANOS, rounds * round / EVEN);
        if (rounds >= ALONE) {
            pause = lane.turn(nowNanos, pause);
        }
        resumedNanos = nowNanos + pause;
        return pause;
    }

    /** The task goes on now, behind a turn of the others, whose time is none of its rounds. */
    void resumed(long nowNanos) {
        resumedNanos = nowNanos;
    }

    /** How long the round has taken that is under way. */
    long roundNanos(long nowNanos) {
        return nowNanos - resumedNanos;
    }

    /** Whether it is to be reported now; true once. */
    boolean becomesReport(long nowNanos) {
        boolean due = !told && rounds >= EVEN && nowNanos - sinceNanos >= REPORTED_NANOS;
        told |= due;
        return due;
    }

    boolean isTold() {
        return told;
    }

    /**
     * Reports a task. In a callback, since it calls code of users.
     *
     * @param does what it does, for people
     * @param times how often
     * @param advice why it does, and what to do
     */
    void report(Task<?> task, String does, long times, String advice, long nowNanos) {
        Loop loop = task.loop();
        List<StackTraceElement> stack = ofTheCall(task.stackTrace());
        String line = UserLine.orOursIn(stack).map(StackTraceElement::toString).orElse("a line not known");
        String since = Durations.words(Duration.ofNanos(nowNanos - sinceNanos).truncatedTo(ChronoUnit.MILLIS));
        String what = String.format(Locale.ROOT, "%s %s at %s, %,d times in %s %s", task, does, line, times, since,
                advice);
        var failure = new SpinException("the stack of the call", stack.toArray(StackTraceElement[]::new));
        loop.scheduler.schedule(new LoopCallback(loop, () -> loop.report(what, failure)));
    }

    /** A stack without what looks for a cancel above the call. */
    private static List<StackTraceElement> ofTheCall(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .dropWhile(frame -> CHECKS.contains(frame.getClassName()))
                .toList();
    }

    /** Has the calling task wait, whatever comes. */
    static void pause(Loop loop, long nanos, Object what) {
        var pause = new Pause(what);
        loop.scheduler.addTimer(pause, loop.nanoTime() + nanos);
        pause.waiter.awaitDespiteCancel(() -> {});
    }

    /** Where the tasks of a loop that are held back go on one after the other, and not all at once. On the loop. */
    static final class Lane {
        private long lastTurn;

        Lane(long nowNanos) {
            this.lastTurn = nowNanos;
        }

        /** The nanoseconds from now to the turn of a task that pauses for so long at least. */
        private long turn(long nowNanos, long pause) {
            long behindTheLast = lastTurn - nowNanos + Math.min(pause, APART_NANOS);
            long turn = Math.max(pause, Math.min(behindTheLast, MAX_TURN_NANOS));
            lastTurn = nowNanos + turn;
            return turn;
        }
    }

    /** The timer of a pause, and its wait. */
    private static final class Pause extends Timer {
        private final Waiter waiter;

        Pause(Object what) {
            this.waiter = new Waiter(what);
        }

        @Override
        public void fire() {
            waiter.complete();
        }
    }

    /** Carries the stack of a call that is made over and over. */
    private static final class SpinException extends HeddleException {
        private static final long serialVersionUID = 1L;

        SpinException(String what, StackTraceElement[] stack) {
            super(what);
            setStackTrace(stack);
        }
    }
}
