package dev.heddle.http.internal.client.call;

import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.client.RequestTracer.Traced;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** The tracing of one request: tells the tracers about it; costs nothing where there are none. */
public record RequestTrace(Tracers tracers, Traced request) {

    public static final RequestTrace NONE = new RequestTrace(new Tracers(List.of()), new Traced(0, "", ""));

    /** Tells of a step that its name says all about. */
    public void tell(BiConsumer<RequestTracer, Traced> step) {
        if (this != NONE) {
            tracers.tell(request, step);
        }
    }

    public void connecting(String host, int port) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.connecting(traced, host, port));
        }
    }

    public void firstByte(boolean reused) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.firstByte(traced, reused));
        }
    }

    public void redirected(RequestHop next) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.redirected(traced, next.url().forLog()));
        }
    }

    public void retrying(int retry, Duration wait) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.retrying(traced, retry, wait));
        }
    }

    public void answered(int status) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.answered(traced, status));
        }
    }

    public void ended(int status, boolean whole) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.ended(traced, status, whole));
        }
    }

    public void failed(Throwable failure) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.failed(traced, failure));
        }
    }
}
