package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;

/**
 * Assertions about whether code can be cancelled. A loop without any checkpoint holds up its event loop and ignores
 * every deadline; a step that must not be torn apart must not have one.
 *
 * <pre>{@code
 * assertCheckpoint(() -> queue.receive());
 * assertNoCheckpoint(() -> account.transfer(other, 10));
 * }</pre>
 *
 * <p>How it looks: the body runs in a scope that is cancelled already, so its first check for a cancel cuts it off; and
 * the loop counts what it runs, so it shows whether the body gave way to anything.
 *
 * <p>Threads: tasks of any loop, simulated or not.
 */
public final class Checkpoints {

    private static final String REASON = "a look whether the code checks for a cancel";

    private Checkpoints() {}

    /**
     * Asserts that a body checks for a cancel or gives way at least once. A body that does is cut off at its first
     * check.
     *
     * @throws AssertionError if it comes to its end without, or swallows the cancel and ends
     */
    public static void assertCheckpoint(Action body) {
        if (!hasCheckpoint(body)) {
            throw new AssertionError("the body has no checkpoint: it neither checks for a cancel nor gives way");
        }
    }

    /**
     * Asserts that a body neither checks for a cancel nor gives way. Such a body runs to its end.
     *
     * @throws AssertionError if it has a checkpoint; what came after it was not run
     */
    public static void assertNoCheckpoint(Action body) {
        if (hasCheckpoint(body)) {
            throw new AssertionError("the body has a checkpoint: it checks for a cancel or gives way");
        }
    }

    private static boolean hasCheckpoint(Action body) {
        long before = resumed();
        boolean ended = CancelScope.open(scope -> {
            scope.cancel(REASON);
            body.run();
        });
        return !ended || resumed() != before;
    }

    /** What the loop has run so far: nothing else runs while a task does, so that is the same until it gives way. */
    private static long resumed() {
        return Heddle.currentLoop().statistics().ran();
    }
}
