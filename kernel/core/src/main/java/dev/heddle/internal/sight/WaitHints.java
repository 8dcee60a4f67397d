package dev.heddle.internal.sight;

/**
 * Hints of who could end a wait where nobody holds what is waited for. What is given to a {@link dev.heddle.Waiter}
 * gives them, for reports.
 *
 * <p>Threads: asked by any at any time, without the locks of what is waited for, so they may be a little old. Neither
 * waits nor throws.
 */
public interface WaitHints {

    /**
     * The ids of the threads that did last what would end the wait, such as receiving where a sender waits; 0 stands
     * for one that nobody has been yet. Ids, so that nobody is kept alive for a report.
     */
    default long[] lastThreads() {
        return new long[0];
    }

    /** The id of the process in which the wait will be ended; 0 if it is this one, or not known. */
    default long process() {
        return 0;
    }
}
