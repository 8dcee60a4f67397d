package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The event of what has become of a child process of a pool. */
@Name("dev.heddle.WorkerProcess")
@Label("Worker Process")
@Category({"Heddle", "Processes"})
@Description("A child process of a pool has started, died, or been killed since a cancelled body did not end")
@StackTrace(false)
final class WorkerProcessEvent extends Event {

    @Label("Pool")
    @Nullable String pool;

    @Label("PID")
    long pid;

    @Label("What")
    @Nullable String what;
}
