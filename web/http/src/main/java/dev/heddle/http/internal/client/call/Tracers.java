package dev.heddle.http.internal.client.call;

import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.client.RequestTracer.Traced;
import dev.heddle.internal.ReportLog;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** The tracers of a client that have not failed. Any thread. */
public final class Tracers {

    private static final ReportLog LOG = new ReportLog("dev.heddle.http", RequestTracer.class);

    private final CopyOnWriteArrayList<RequestTracer> tracers;
    private final AtomicLong requests = new AtomicLong();

    public Tracers(List<RequestTracer> tracers) {
        this.tracers = new CopyOnWriteArrayList<>(tracers);
    }

    /** Begins to tell about a request. */
    public RequestTrace begin(RequestHop hop) {
        if (tracers.isEmpty()) {
            return RequestTrace.NONE;
        }
        var trace = new RequestTrace(this, new Traced(requests.incrementAndGet(), hop.method(), hop.url().forLog()));
        trace.tell(RequestTracer::began);
        return trace;
    }

    void tell(Traced request, BiConsumer<RequestTracer, Traced> step) {
        for (RequestTracer tracer : tracers) {
            try {
                step.accept(tracer, request);
            } catch (RuntimeException e) {
                if (tracers.remove(tracer)) {
                    LOG.log(Level.ERROR, "a tracer failed and is told nothing more: " + tracer.getClass().getName(), e);
                }
            }
        }
    }
}
