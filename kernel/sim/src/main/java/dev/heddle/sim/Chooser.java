package dev.heddle.sim;

/** The choice of which ready task runs next. Below the tasks. */
@FunctionalInterface
interface Chooser {

    /**
     * An index from 0, the longest waiting, to {@code ready - 1}.
     *
     * @param ready how many there are, at least 2
     * @param ran what {@link EventTrace#ran} says: who ran before
     */
    int pick(int ready, int ran);
}
