package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** The making of a connection, with the look-up of the name. */
@Name("dev.heddle.Connect")
@Label("Connect")
@Category({"Heddle", "Network"})
@Description("The making of a connection, with the look-up of the name")
@StackTrace(false)
@Threshold("20 ms")
final class ConnectEvent extends Event {

    @Label("Peer")
    @Nullable String peer;

    @Label("Failure")
    @Nullable String failure;
}
