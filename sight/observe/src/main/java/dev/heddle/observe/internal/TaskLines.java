package dev.heddle.observe.internal;

import dev.heddle.Task;
import dev.heddle.internal.UserLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of code where tasks are. Not for a loop's own thread. */
final class TaskLines {

    private TaskLines() {}

    /** Where a task is: the innermost line of users, or of ours where there is none; null if it has ended. */
    static @Nullable String at(Task<?> task) {
        return UserLine.orOursIn(List.of(task.stackTrace())).map(StackTraceElement::toString).orElse(null);
    }
}
