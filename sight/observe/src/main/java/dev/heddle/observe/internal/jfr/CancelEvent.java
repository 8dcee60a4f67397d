package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A scope that was cancelled, or whose deadline has passed. */
@Name("dev.heddle.Cancel")
@Label("Cancel")
@Category({"Heddle", "Tasks"})
@Description("A task, or a part of its code, was cancelled or has run out of time; its tasks see it at their next wait")
@StackTrace(false)
final class CancelEvent extends Event {

    @Label("Task")
    @Nullable String task;

    @Label("Task Id")
    long id;

    @Label("Loop")
    @Nullable String loop;

    @Label("Reason")
    @Nullable String reason;
}
