package dev.heddle.observe.internal.profile;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A task says what it is about from now on; written only while a profile is taken. */
@Name(LabelEvent.NAME)
@Label("Task Label")
@Description("What a task, or a body that it has offloaded, is about from now on, such as the route of a request")
@Category("Heddle")
@StackTrace(false)
@Enabled(false)
final class LabelEvent extends Event {

    static final String NAME = "dev.heddle.TaskLabel";

    @Label("Label")
    @Nullable String label;

    @Label("Body")
    @Description("The Java thread that is about this: the task's, or of a body that it has offloaded")
    long body;

    @Label("Before")
    @Description("Whether it has been about this since before the profile began")
    boolean before;
}
