package dev.heddle.internal;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The line of a user's code on a stack: the first that is neither Heddle's nor the JDK's. */
public final class UserLine {

    private static final String OURS = "dev.heddle.";
    private static final String EXAMPLES = OURS + "examples.";

    private UserLine() {}

    /** The innermost line of users on a stack; empty if there is none. */
    public static Optional<StackTraceElement> in(List<StackTraceElement> stack) {
        return stack.stream().filter(UserLine::isOfUser).findFirst();
    }

    /** The same, or where there is none the innermost line that is not the JDK's. */
    public static Optional<StackTraceElement> orOursIn(List<StackTraceElement> stack) {
        return in(stack).or(() -> stack.stream().filter(frame -> !isOfJdk(frame)).findFirst());
    }

    /** The line where a failure comes from: its own, that of a cause, or that where its task was spawned. */
    public static Optional<StackTraceElement> in(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> next = new ArrayDeque<>(List.of(failure));
        while (!next.isEmpty()) {
            Throwable one = next.removeFirst();
            if (seen.add(one)) {
                Optional<StackTraceElement> line = in(List.of(one.getStackTrace()));
                if (line.isPresent()) {
                    return line;
                }
                Throwable cause = Throwables.cause(one);
                if (cause != null) {
                    next.addFirst(cause);
                }
                Collections.addAll(next, one.getSuppressed());
            }
        }
        return Optional.empty();
    }

    public static boolean isOfJdk(StackTraceElement frame) {
        return isOfJdk(frame.getClassName());
    }

    private static boolean isOfJdk(String name) {
        return name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.");
    }

    private static boolean isOfUser(StackTraceElement frame) {
        return isOfUser(frame.getClassName());
    }

    /** Whether code of a class is neither Heddle's nor the JDK's. */
    public static boolean isOfUser(String name) {
        return !isOfJdk(name) && (!name.startsWith(OURS) || name.startsWith(EXAMPLES));
    }
}
