package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A connection that a server has accepted, from then to its end. */
@Name("dev.heddle.Connection")
@Label("Connection")
@Category({"Heddle", "Network"})
@Description("A connection that a server has accepted, from then to its end")
@StackTrace(false)
final class ConnectionEvent extends Event {

    @Label("Peer")
    @Nullable String peer;
}
