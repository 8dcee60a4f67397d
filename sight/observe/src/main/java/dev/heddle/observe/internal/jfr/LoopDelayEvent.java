package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** The time that a loop took to run a callback: how late it is. */
@Name("dev.heddle.LoopDelay")
@Label("Loop Delay")
@Category({"Heddle", "Loops"})
@Description("How long a callback from another thread waited until its loop ran it: how late the loop is. Tried once in each period")
@StackTrace(false)
@Period("1 s")
@Threshold("20 ms")
final class LoopDelayEvent extends Event {

    @Label("Loop")
    @Nullable String loop;
}
