package dev.heddle;

import dev.heddle.internal.Throwables;
import java.util.List;
import java.util.Optional;

/**
 * The failure of a group's tasks. Always this shape, for one failure as for many, so that code which handles one does
 * not break with two. The first failure is the cause, the others are suppressed; tasks that were only cancelled do not
 * count.
 */
public final class GroupException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** In the order they happened. */
    private final transient List<Throwable> failures;

    GroupException(List<Throwable> failures) {
        super(message(failures), failures.getFirst());
        this.failures = List.copyOf(failures);
        for (Throwable other : failures.subList(1, failures.size())) {
            addSuppressed(other);
        }
    }

    private static String message(List<Throwable> failures) {
        String first = Throwables.text(failures.getFirst());
        return failures.size() == 1 ? first : failures.size() + " failures, the first: " + first;
    }

    /** All failures in the order they happened, at least one. */
    public List<Throwable> failures() {
        return failures;
    }

    /** The first failure of a type. */
    public <X extends Throwable> Optional<X> firstOf(Class<X> type) {
        return failures.stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
