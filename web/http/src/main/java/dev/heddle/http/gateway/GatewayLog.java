package dev.heddle.http.gateway;

import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Durations;
import dev.heddle.internal.ReportLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** The log of a gateway: which upstream failed and how, which the client is not told, and what its checks found. */
final class GatewayLog {

    private static final ReportLog LOG = new ReportLog("dev.heddle.http.gateway", Proxying.class);

    private static final BoundedLog FAILURES = new BoundedLog(LOG);

    private static final BoundedLog HEALTH = new BoundedLog(LOG);

    private GatewayLog() {}

    /** An upstream did not answer, or not to the end; the failure names it. */
    static void failed(Upstream upstream, Throwable failure) {
        FAILURES.log(Level.WARNING, "upstream " + upstream + ": " + failure, null);
    }

    /** An upstream has all the requests that it may get, and as many wait as may. Told once of each. */
    static void full(Upstream upstream) {
        LOG.log(Level.WARNING, "upstream " + upstream + " has " + upstream.places.taken() + " requests in flight and "
                + upstream.places.waiting() + " that wait, so some are answered with 503: see withMaxInFlight,"
                + " withMaxWaiting and withMaxWait of Upstreams", null);
    }

    /** Checks have found that an upstream is not well any more. */
    static void unhealthy(Upstream upstream, Exception failure, List<Upstream> all) {
        boolean none = all.stream().noneMatch(Upstream::isHealthy);
        HEALTH.log(Level.WARNING, "upstream " + upstream + " is unhealthy and gets no requests"
                + (none ? ", but that all are, so that requests go to all" : "") + ": " + failure, null);
    }

    /** Checks have found that an upstream is well again. */
    static void healthy(Upstream upstream, Duration after) {
        HEALTH.log(Level.INFO, "upstream " + upstream + " is healthy again, after " + Durations.words(after), null);
    }
}
