package dev.heddle.sim;

/** The choice of which ready task runs next. Below the tasks. */
@FunctionalInterface
interface Chooser {

    /** An index from 0, the longest waiting, to {@code ready - 1}; there are at least 2. */
    int pick(int ready);
}
