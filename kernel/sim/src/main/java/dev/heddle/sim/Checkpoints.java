package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.internal.CancelChecks;
import dev.heddle.internal.Throwables;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about whether code can be cancelled. A loop without any checkpoint holds up its event loop and ignores
 * every deadline; a step that must not be torn apart must not have one.
 *
 * <pre>{@code
 * assertCheckpoint(() -> queue.receive());
 * assertNoCheckpoint(() -> account.transfer(other, 10));
 * }</pre>
 *
 * <p>A checkpoint is a check for a cancel, which every waiting call of Heddle makes before it begins, also if it then
 * need not wait and whether or not a shield stands around it; or a wait, of Heddle or of the JDK, that gives way to the
 * loop. It is one of the body if the task that runs the body comes to it: in calls of any depth, scopes, groups,
 * generators and coroutines. What a task, a callback or another thread does that the body only starts is none; waiting
 * for it is one. These are none either, as nothing in them asks for a cancel: a {@code join} of what has ended, a
 * group or {@code map} without tasks, a call of the JDK that need not wait, and one that holds the loop's own thread,
 * as under an initializer of a class.
 *
 * <p>How it looks: the body runs in a scope that is cancelled already, so its first check outside of a shield cuts it
 * off; the task notes its checks, so a cancel that is swallowed or kept off by a shield is seen too; and the loop
 * counts what it runs, so it shows whether the body gave way. One assertion may stand inside of the other.
 *
 * <p>Cancellation: a cancel of the caller passes on as from any other scope.
 *
 * <p>Threads: tasks of any loop, simulated or not.
 */
public final class Checkpoints {

    private Checkpoints() {}

    /**
     * Asserts that a body gives way or is cut off by a cancel at least once. A body that can be is cut off at its first
     * check; a failure of its own comes out as it is.
     *
     * @throws AssertionError if it comes to its end without, or checks behind a shield only and never gives way, or
     *     swallows the cancel and ends
     * @throws CancelledException if the caller is cancelled
     * @throws IllegalStateException if the caller is no task
     */
    public static void assertCheckpoint(Action body) {
        var look = new Look(body);
        look.throwFailure();
        if (look.swallowed) {
            throw new AssertionError("the body has a checkpoint and swallows its cancel");
        }
        if (!look.cutOff && !look.gaveWay) {
            throw new AssertionError(
                    look.checked
                            ? "the body has no checkpoint but behind a shield, where no cancel cuts it off"
                            : "the body has no checkpoint: it neither checks for a cancel nor yields",
                    look.thrown);
        }
    }

    /**
     * Asserts that a body neither checks for a cancel nor gives way, whatever it makes of that. Such a body runs to its
     * end, and a failure of its own comes out as it is.
     *
     * @throws AssertionError if it has a checkpoint, caused by its own failure if it had one; what came after a check
     *     outside of a shield was not run
     * @throws CancelledException if the caller is cancelled
     * @throws IllegalStateException if the caller is no task
     */
    public static void assertNoCheckpoint(Action body) {
        var look = new Look(body);
        if (look.cancelledFromOutside()) {
            look.throwFailure();
        }
        if (look.checked || look.gaveWay) {
            throw new AssertionError("the body has a checkpoint: it checks for a cancel or yields", look.thrown);
        }
        look.throwFailure();
        if (look.thrown != null) {
            throw Throwables.unchecked(look.thrown); // a cancel that it has made up
        }
    }

    /** One run of a body, and what it showed. */
    private static final class Look {

        private final CancelChecks checks = CancelChecks.ofCaller();

        /** Whether the body has checked for a cancel; was told of this one and ended as if not; or has waited. */
        private final boolean checked;

        private final boolean gaveWay;
        private boolean swallowed;

        /** Whether the cancel has ended the body. */
        private final boolean cutOff;

        /** What left the body, and what of it left the scope. */
        private @Nullable Throwable thrown;

        private @Nullable Throwable failure;

        private Look(Action body) {
            int before = checks.noted();
            checks.note(0);
            long resumed = resumed();
            run(body);
            gaveWay = resumed() != resumed;
            checked = isNoted(CancelChecks.CHECKED);
            cutOff = thrown != null && isNoted(CancelChecks.TOLD);
            checks.note(before | checks.noted());
        }

        private void run(Action body) {
            try {
                CancelScope.open(scope -> {
                    scope.cancel(CancelChecks.REASON);
                    runInside(body);
                });
            } catch (Throwable e) {
                failure = e;
            }
        }

        private void runInside(Action body) throws Exception {
            try {
                body.run();
                // An interrupt that is still there is passed on, as is the JDK's custom.
                swallowed = isNoted(CancelChecks.TOLD) && !Thread.currentThread().isInterrupted();
            } catch (Throwable e) {
                thrown = e;
                throw e;
            }
        }

        private boolean isNoted(int note) {
            return (checks.noted() & note) != 0;
        }

        /** Whether the caller is cancelled, and not only by another look around this one. */
        @SuppressWarnings("ReferenceEquality") // that very cancel, not one that is called the same
        private boolean cancelledFromOutside() {
            return failure instanceof CancelledException
                    && checks.reason() != null
                    && checks.reason() != CancelChecks.REASON;
        }

        private void throwFailure() {
            if (failure != null) {
                throw Throwables.unchecked(failure);
            }
        }

        /** What the loop has run so far: while a task does, nothing else runs, so that stays until it gives way. */
        private static long resumed() {
            return Heddle.currentLoop().statistics().ran();
        }
    }
}
