package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A wait of a task that took long, told when it is over. */
@Name("dev.heddle.TaskWait")
@Label("Task Wait")
@Category({"Heddle", "Tasks"})
@Description("A wait of a task, told when it is over: what for, and how long it took, give or take some ten milliseconds")
@StackTrace(false)
final class TaskWaitEvent extends Event {

    @Label("Task")
    @Nullable String task;

    @Label("Task Id")
    long id;

    @Label("Loop")
    @Nullable String loop;

    @Label("Waited For")
    @Description("What the task waited for, in the words of reports of waits")
    @Nullable String reason;

    @Label("Waited")
    @Timespan(Timespan.MILLISECONDS)
    long waited;

    @Label("Longer Than")
    @Name("longerThan")
    @Description("Records the waits that took longer, such as: 100 ms")
    @SettingDefinition
    boolean isLong(LongerThan limit) {
        return limit.isMet(waited);
    }
}
