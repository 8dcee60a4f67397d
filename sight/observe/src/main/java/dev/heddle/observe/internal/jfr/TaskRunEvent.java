package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A turn of a task that took long: no other task of its loop ran meanwhile. */
@Name("dev.heddle.TaskRun")
@Label("Task Run")
@Category({"Heddle", "Tasks"})
@Description("A turn of a task, from when it was resumed until it waited, gave way or ended. No other task of its loop ran meanwhile")
@StackTrace(false)
@Threshold("10 ms")
@Enabled(false) // it reads the clock twice in each turn
final class TaskRunEvent extends Event {

    @Label("Task")
    @Nullable String task;

    @Label("Task Id")
    long id;

    @Label("Loop")
    @Nullable String loop;
}
