package dev.heddle;

import dev.heddle.internal.BoundedLog;

/** The handler of failures that no code asked for: of tasks that nobody joins, and of callbacks. */
@FunctionalInterface
public interface FailureHandler {

    /**
     * Writes to the {@link System.Logger} named {@code dev.heddle}, level ERROR. With {@code java.util.logging} the source
     * of a record is the user's line where the failure comes from, if there is one. Of the failures of a loop it writes
     * 100 in 10 s and counts the rest, since a peer may be who makes them.
     */
    FailureHandler LOG = (what, failure) -> BoundedLog.FAILURES.log(System.Logger.Level.ERROR, what, failure);

    /**
     * Called once for each such failure, on a virtual thread of the loop. Of a loop that is held, or whose engine does not
     * come back, it is told on a thread beside the loop, one report after the other; if it blocks there, 16 more reports
     * wait for it and {@link #LOG} hears of that once. What it throws is given to {@link #LOG}.
     *
     * @param what what failed, for people
     */
    void failed(String what, Throwable failure);
}
