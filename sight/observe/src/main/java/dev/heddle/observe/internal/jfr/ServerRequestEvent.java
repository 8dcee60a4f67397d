package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A request that a server has answered, or will not any more. */
@Name("dev.heddle.ServerRequest")
@Label("HTTP Server Request")
@Category({"Heddle", "Network"})
@Description("A request from its head to the last byte of its response")
@StackTrace(false)
@Threshold("20 ms")
final class ServerRequestEvent extends Event {

    @Label("Method")
    @Nullable String method;

    @Label("Route")
    @Description("The route that answered, with its places")
    @Nullable String route;

    @Label("Status")
    @Description("0 if there was no response")
    int status;

    @Label("Protocol")
    @Nullable String protocol;

    @Label("Peer")
    @Nullable String peer;

    @Label("Response Bytes")
    @DataAmount
    long bytes;
}
