package dev.heddle;

import dev.heddle.internal.Throwables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The failure of a group's tasks. Always this shape, for one failure as for many, so that code which handles one does
 * not break with two. The first failure is the cause, the others are suppressed; tasks that were only cancelled do not
 * count. Each failure is there once, also if tasks that have joined the failed one were failed by it too.
 *
 * <p>Code that decides by the class of a failure asks {@link #leaves} what it stands for, as all of Heddle does.
 */
public final class GroupException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** In the order they happened. */
    private final Throwable[] failures;

    /** @param failures each once, see {@link DistinctFailures} */
    GroupException(List<Throwable> failures) {
        super(message(failures), failures.getFirst());
        this.failures = failures.toArray(Throwable[]::new);
        for (Throwable other : failures.subList(1, failures.size())) {
            addSuppressed(other);
        }
    }

    private static String message(List<Throwable> failures) {
        String first = Throwables.text(failures.getFirst());
        return failures.size() == 1 ? first : failures.size() + " failures, the first: " + first;
    }

    /** The same with a part of its failures, where the others are told elsewhere. */
    GroupException withOnly(List<Throwable> part) {
        var rest = new GroupException(part);
        rest.setStackTrace(getStackTrace());
        Set<Throwable> told = Collections.newSetFromMap(new IdentityHashMap<>());
        told.addAll(failures());
        for (Throwable note : getSuppressed()) {
            if (!told.contains(note)) {
                rest.addSuppressed(note);
            }
        }
        return rest;
    }

    /** All failures in the order they happened, at least one. */
    public List<Throwable> failures() {
        return List.of(failures);
    }

    /** The first failure of a type, be it in a group inside this one. */
    public <X extends Throwable> Optional<X> firstOf(Class<X> type) {
        for (Throwable failure : failures) {
            Optional<X> found = type.isInstance(failure)
                    ? Optional.of(type.cast(failure))
                    : failure instanceof GroupException inner ? inner.firstOf(type) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * What a failure stands for, for code that decides by its class: the failures of a group, those of groups inside it
     * in their places; for a {@link TaskFailedException} the checked exception behind it; else the failure itself.
     *
     * <p>Where several come together, the gravest decides: to be tried again, ignored or answered in a way of its own,
     * every one of them must be of the kind for that. So no failure is hidden by another that is expected.
     *
     * <pre>{@code
     * boolean mayPass = GroupException.leaves(e).stream().allMatch(IOException.class::isInstance);
     * }</pre>
     *
     * @return at least one; in the order they happened; none is a group
     */
    public static List<Throwable> leaves(Throwable failure) {
        List<Throwable> leaves = new ArrayList<>(1);
        Deque<Throwable> left = new ArrayDeque<>(List.of(failure));
        while (!left.isEmpty()) {
            Throwable next = left.pop();
            if (next instanceof GroupException group) {
                group.failures().reversed().forEach(left::push);
            } else {
                leaves.add(next instanceof TaskFailedException task ? task.thrown() : next);
            }
        }
        return leaves;
    }
}
