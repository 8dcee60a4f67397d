package dev.heddle.observe.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A handshake of TLS. */
@Name("dev.heddle.TlsHandshake")
@Label("TLS Handshake")
@Category({"Heddle", "Network"})
@Description("A handshake of TLS, on either side")
@StackTrace(false)
@Threshold("20 ms")
final class TlsHandshakeEvent extends Event {

    @Label("Peer")
    @Nullable String peer;

    @Label("Group")
    @Description("What keys were exchanged with, if the engine tells it")
    @Nullable String group;

    @Label("Failure")
    @Nullable String failure;
}
