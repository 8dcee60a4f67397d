package dev.heddle.sim.programs;

import org.jspecify.annotations.Nullable;

/**
 * The model of one call that may wait.
 *
 * <pre>
 *   begun ──gives at once──▶ ended
 *     └──waits──▶ waiting ──served──▶ ended with what it was given, or begun again: one in several parts
 *                    └──cancelled, or its limit has passed──▶ ended without
 * </pre>
 */
abstract class Call {

    /** What a call gives that has no value. */
    static final Object DONE = name("done");

    static final Object CANCELLED = name("cancelled");
    static final Object TOO_LATE = name("too late");
    static final Object CLOSED = name("closed");
    static final Object BROKEN = name("broken");
    static final Object REFUSED = name("refused");
    static final Object TASK_CANCELLED = name("joined what was cancelled");

    final ModelTask task;
    final ModelScope scope;
    final String what;

    /** When it gives up. */
    final long limit;

    /** What it was given while it waited; null as long as it was not. */
    @Nullable Object given;

    /** The select that it is a clause of, which alone is given something. */
    @Nullable ModelSelect select;

    Call(ModelTask task, String what, long limit) {
        this.task = task;
        this.scope = task.scope;
        this.what = what;
        this.limit = limit;
    }

    // ---- without waiting ----

    /** What it gives without waiting; null if it must wait. Changes nothing. */
    abstract @Nullable Object ready();

    /** It has ended without a cancel and without waiting: what could not be known before may be known by that. */
    void learn() {}

    /** Whether this may be what it gives without waiting. */
    boolean gives(Object outcome) {
        return outcome.equals(ready());
    }

    /** It gave this without waiting. */
    void take(Object outcome) {}

    /** It was cancelled without a sign that it waited, but it may have. */
    void perhapsLeft() {}

    /** It was cancelled without waiting, or before it would wait again. */
    void cancelledAtOnce() {}

    /** Whether it may give this in a cancelled scope too. */
    boolean answersTheCancelled(Object outcome) {
        return outcome == REFUSED;
    }

    /** Whether it lets others run even where it need not wait. */
    boolean givesWay() {
        return false;
    }

    // ---- waiting ----

    /** It waits from now on. */
    void park() {}

    /** Whether somebody can still serve it. */
    boolean isOpen() {
        return select != null ? select.isOpen() : given == null;
    }

    /** Its task goes on, since it was served: whether that was but a part of it. Then the next begins. */
    boolean goesOn() {
        return false;
    }

    /** Whether something that is not its own affair keeps it from ending. */
    boolean isHeldUp() {
        return false;
    }

    /** Whether it may wait for something else when its limit has passed. */
    boolean overruns() {
        return false;
    }

    /** Whether it must have ended by now. */
    boolean isDue(long now) {
        return false;
    }

    /** It has ended without being served. */
    void leave() {}

    /** Whether a waiting call may give this though nobody has handed it over, and what follows. */
    boolean endsBy(Object outcome) {
        return false;
    }

    /** Whether a call that was served may be cancelled all the same, and what follows. */
    boolean givesBack() {
        return false;
    }

    /** A call that waited has ended. */
    void ended(Object outcome) {}

    /** What a cancel of it while it waits shows. */
    @Nullable Sometimes cancelShows() {
        return null;
    }

    @Override
    public String toString() {
        return what;
    }

    private static Object name(String words) {
        return new Object() {
            @Override
            public String toString() {
                return words;
            }
        };
    }
}
