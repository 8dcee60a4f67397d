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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a group's tasks. Always this shape, for one failure as for many, so that code which handles one does
 * not break with two; tasks that were only cancelled do not count. {@link #failures} has each failure once, also if
 * tasks that have joined the failed one were failed by it too.
 *
 * <p>The first failure is the cause. Of the others one of each kind is suppressed, with its stack; those that differ
 * from it by their messages at most are counted in one more, with some of their messages.
 *
 * <p>Code that decides by the class of a failure asks {@link #leaves} what it stands for, as all of Heddle does.
 */
public final class GroupException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Most kinds that are compared; a failure beyond is told for itself. */
    private static final int MAX_KINDS = 20;

    /** Most messages of failures whose kind is told already. */
    private static final int MAX_MESSAGES = 5;

    /** In the order they happened. */
    private final Throwable[] failures;

    /** Tells of those whose kind is told already; null if there are none. */
    private final @Nullable Throwable more;

    /** @param failures each once, see {@link DistinctFailures} */
    GroupException(List<Throwable> failures) {
        super(message(failures), failures.getFirst());
        this.failures = failures.toArray(Throwable[]::new);
        List<Throwable> alike = suppressKinds(failures);
        this.more = alike.isEmpty() ? null : noteOf(alike);
        if (more != null) {
            addSuppressed(more);
        }
    }

    /** Suppresses the first of each kind, and gives the rest. */
    private List<Throwable> suppressKinds(List<Throwable> failures) {
        List<Throwable> kinds = new ArrayList<>(List.of(failures.getFirst()));
        List<Throwable> alike = new ArrayList<>();
        for (Throwable other : failures.subList(1, failures.size())) {
            if (kinds.stream().limit(MAX_KINDS).anyMatch(kind -> Throwables.areAlike(kind, other))) {
                alike.add(other);
            } else {
                kinds.add(other);
                addSuppressed(other);
            }
        }
        return alike;
    }

    private static Throwable noteOf(List<Throwable> alike) {
        List<String> messages = alike.stream().map(Throwables::text).distinct().toList();
        var note = new TaskFailedException(messages.stream().limit(MAX_MESSAGES)
                .collect(Collectors.joining("; ", alike.size() + " more, alike but for their messages: ",
                        messages.size() > MAX_MESSAGES ? "; ..." : "")));
        note.setStackTrace(new StackTraceElement[0]);
        return note;
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
            if (note != more && !told.contains(note)) {
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
