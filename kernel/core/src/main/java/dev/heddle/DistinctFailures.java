package dev.heddle;

import dev.heddle.internal.SameFailure;
import dev.heddle.internal.Throwables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a group, each once. Whoever joins a failed task throws what the group has from that task already:
 * bare, as a checked one that was wrapped, or inside the failure of a group of its own.
 */
final class DistinctFailures {

    /** Groups deeper inside each other are taken as they are. Code has a few, and a walk has a stack. */
    private static final int MAX_DEPTH = 100;

    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Object> failed = new HashSet<>();

    private DistinctFailures() {}

    /** One throwable for all: an error bare, everything else grouped. */
    static RuntimeException asOne(List<Throwable> failures) {
        var distinct = new DistinctFailures();
        for (Throwable failure : failures) {
            if (failure instanceof Error error) {
                throw distinct.suppressedIn(error, failures);
            }
        }
        return new GroupException(failures.size() == 1 ? failures : distinct.newOf(failures));
    }

    private Error suppressedIn(Error error, List<Throwable> failures) {
        newOf(List.of(error.getSuppressed()));
        seen.add(error);
        for (Throwable failure : newOf(failures)) {
            error.addSuppressed(comesOf(error, failure) ? noteOf(failure) : failure);
        }
        return error;
    }

    /** Whether it is among the causes of a failure, which then hung below itself. */
    @SuppressWarnings("ReferenceEquality") // this very error
    private static boolean comesOf(Error error, Throwable failure) {
        Throwable link = failure;
        for (int i = 0; i < MAX_DEPTH && link != null && link != error; i++) {
            link = Throwables.cause(link);
        }
        return link == error;
    }

    /** A failure without its causes. */
    private static Throwable noteOf(Throwable failure) {
        var note = new TaskFailedException(Throwables.text(failure));
        note.setStackTrace(failure.getStackTrace());
        return note;
    }

    private List<Throwable> newOf(List<Throwable> failures) {
        return newOf(failures, 0);
    }

    private List<Throwable> newOf(List<Throwable> failures, int depth) {
        List<Throwable> fresh = new ArrayList<>(failures.size());
        for (Throwable failure : failures) {
            Throwable part = newOf(failure, depth);
            if (part != null) {
                fresh.add(part);
            }
        }
        return fresh;
    }

    /** What of a failure was not there yet; null if nothing. */
    private @Nullable Throwable newOf(Throwable failure, int depth) {
        Throwable thrown = failure instanceof TaskFailedException task ? task.thrown() : failure;
        if (!seen.add(thrown) || (thrown instanceof SameFailure same && !failed.add(same.failed()))) {
            return null;
        }
        return failure instanceof GroupException group && depth < MAX_DEPTH ? newOf(group, depth) : failure;
    }

    private @Nullable GroupException newOf(GroupException group, int depth) {
        List<Throwable> failures = group.failures();
        List<Throwable> fresh = newOf(failures, depth + 1);
        return fresh.isEmpty() ? null : areSame(fresh, failures) ? group : group.withOnly(fresh);
    }

    @SuppressWarnings("ReferenceEquality") // these very failures
    private static boolean areSame(List<Throwable> fresh, List<Throwable> failures) {
        if (fresh.size() != failures.size()) {
            return false;
        }
        for (int i = 0; i < fresh.size(); i++) {
            if (fresh.get(i) != failures.get(i)) {
                return false;
            }
        }
        return true;
    }
}
