package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A request that a client has sent, up to the head of the answer. */
@Name("dev.heddle.ClientRequest")
@Label("HTTP Client Request")
@Category({"Heddle", "Network"})
@Description("A request to one server, with the wait for a connection, up to the head of the answer")
@StackTrace(false)
@Threshold("20 ms")
final class ClientRequestEvent extends Event {

    @Label("Method")
    @Nullable String method;

    @Label("Server")
    @Nullable String server;

    @Label("Status")
    @Description("0 if there was no answer")
    int status;

    @Label("Protocol")
    @Nullable String protocol;

    @Label("Failure")
    @Nullable String failure;
}
