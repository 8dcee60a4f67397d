package dev.heddle.engine;

/**
 * The tasks that the last look at a selector has woken and that have not tried their operation since.
 *
 * <p>A selector tells a readiness at each look until it is used, and each time costs as much as the first. While a busy
 * loop still works through what it was told, it need not look: what came meanwhile would run behind that anyway.
 *
 * <p>A woken task may never try, being cancelled for example, so a look is put off {@value #MAX_PUT_OFF} times and no
 * more.
 *
 * <p>Threads: the engine's loop.
 */
final class NioBacklog {

    private static final int MAX_PUT_OFF = 8;

    private int looks;
    private int left;
    private int putOff;

    /** Whether the look that is due is put off. */
    boolean putsOff() {
        if (left == 0 || putOff == MAX_PUT_OFF) {
            return false;
        }
        putOff++;
        return true;
    }

    /** The selector is looked at now, and what it told before counts no more. */
    void look() {
        looks++;
        left = 0;
        putOff = 0;
    }

    /**
     * A task was woken.
     *
     * @return which look it was, for {@link #served}
     */
    int woken() {
        left++;
        return looks;
    }

    /** A woken task tries its operation. */
    void served(int look) {
        if (look == looks) {
            left--;
        }
    }
}
