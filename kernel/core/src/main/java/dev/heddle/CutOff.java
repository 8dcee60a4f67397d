package dev.heddle;

import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Throwables;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The answer of a scope whose own cancel has ended its body, in place of a result.
 *
 * @param by what left the body: the cancel with what its clean-up threw, or what foreign code made of the interrupt
 */
record CutOff(Throwable by) {

    /** Whether something has failed while a cancel unwound the code, as a {@code close()}, and rides along with it. */
    static boolean carriesFailure(Throwable cancel) {
        return (cancel.getSuppressed().length > 0 || Throwables.cause(cancel) != null) // most stand alone
                && carriesFailure(cancel, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean carriesFailure(Throwable cancel, Set<Throwable> seen) {
        if (!seen.add(cancel)) {
            return false;
        }
        for (Throwable suppressed : cancel.getSuppressed()) {
            if (!(suppressed instanceof SpawnTrace)
                    && (!Cancellation.isCancellation(suppressed) || carriesFailure(suppressed, seen))) {
                return true;
            }
        }
        Throwable cause = Throwables.cause(cancel);
        return cause != null && carriesFailure(cause, seen);
    }
}
