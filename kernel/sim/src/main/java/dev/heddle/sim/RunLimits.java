package dev.heddle.sim;

import org.jspecify.annotations.Nullable;

/**
 * The limits that keep a run from going on for ever. A limit that was passed once is doubled, so that the clean-up
 * after it has some room, and ends too if it does not.
 */
final class RunLimits {

    private final SimOptions options;
    private long mostNanos;
    private long mostSteps;
    private boolean tooManySteps;
    private @Nullable String passed;

    RunLimits(SimOptions options) {
        this.options = options;
        mostNanos = options.maxVirtualTime().toNanos();
        mostSteps = options.maxSteps();
    }

    /** Whether time may go on to here. */
    boolean allowsTime(long nanos) {
        if (nanos <= mostNanos) {
            return true;
        }
        pass("virtual time would pass " + options.maxVirtualTime() + " (maxVirtualTime): is there an endless timer?");
        mostNanos = mostNanos > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * mostNanos;
        return false;
    }

    /**
     * Counts steps.
     *
     * @return whether they were within the limit
     * @throws SimLimitException if they were not for the second time: cancelling did not help
     */
    boolean allowsSteps(long steps) {
        if (steps <= mostSteps) {
            return true;
        }
        String what = "more than " + options.maxSteps() + " steps (maxSteps): is there an endless loop of checkpoints?";
        if (tooManySteps) {
            throw new SimLimitException(what + " It ignores its cancel.", null);
        }
        tooManySteps = true;
        pass(what);
        mostSteps = mostSteps > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * mostSteps;
        return false;
    }

    /** Work on another thread took too long. */
    void realWaitTooLong() {
        pass("work on other threads has not ended within " + options.maxRealWait() + " of real time (maxRealWait)");
    }

    /** Which limit was passed first, or null. */
    @Nullable String passed() {
        return passed;
    }

    private void pass(String what) {
        if (passed == null) {
            passed = what;
        }
    }
}
