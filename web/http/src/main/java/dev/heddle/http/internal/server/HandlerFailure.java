package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.GroupException;
import dev.heddle.http.StatusException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The failure of a handler, and what it says: a status, the loss of the peer, or a cancel. */
public final class HandlerFailure {

    private HandlerFailure() {}

    /** The same where no exception of the program has a status. */
    public static @Nullable StatusException statusOf(Throwable failure) {
        return statusOf(failure, e -> e instanceof StatusException told ? told : null);
    }

    /**
     * The status that a failure stands for: its own, or that of a group in which every failure has one. Of several, one
     * of the server's fault goes before one of the client's, and else the first before the others.
     *
     * @param statuses what one failure stands for; null for none
     * @return null if something else has failed too, which an answer must not hide
     */
    public static @Nullable StatusException statusOf(
            Throwable failure, Function<Throwable, @Nullable StatusException> statuses) {
        StatusException gravest = null;
        for (Throwable leaf : GroupException.leaves(failure)) {
            StatusException each = statuses.apply(leaf);
            if (each == null) {
                return null;
            }
            if (gravest == null || (gravest.status() < 500 && each.status() >= 500)) {
                gravest = each;
            }
        }
        return gravest;
    }

    /** Whether a failure says nothing but that the peer is not there any more. */
    static boolean isLoss(Throwable failure) {
        return GroupException.leaves(failure).stream()
                .allMatch(leaf -> leaf instanceof BrokenException || leaf instanceof ClosedException);
    }

    /**
     * Passes a cancel on, also one that blocking code of the JDK has heard of as an interrupt. One that is not the
     * calling task's own, such as a handler has kept from elsewhere, is a failure like any other.
     *
     * @throws CancelledException if the calling task is cancelled and this is how its code says so
     */
    public static void throwIfCancel(Throwable e) {
        if (e instanceof CancelledException || e instanceof InterruptedException) {
            CancelScope.throwIfCancelled();
        }
    }
}
