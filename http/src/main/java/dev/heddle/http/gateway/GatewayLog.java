package dev.heddle.http.gateway;

import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.ReportLog;
import java.lang.System.Logger.Level;

/** The log of a gateway: which upstream failed and how, which the client is not told. */
final class GatewayLog {

    private static final BoundedLog FAILURES = new BoundedLog(new ReportLog("dev.heddle.http.gateway", Proxying.class));

    private GatewayLog() {}

    /** An upstream did not answer, or not to the end; the failure names it. */
    static void failed(Upstream upstream, Throwable failure) {
        FAILURES.log(Level.WARNING, "upstream " + upstream + ": " + failure, null);
    }
}
