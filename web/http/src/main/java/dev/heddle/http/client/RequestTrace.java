package dev.heddle.http.client;

import dev.heddle.http.client.RequestTracer.Traced;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** The tracing of one request: tells the tracers about it; costs nothing where there are none. */
record RequestTrace(Tracers tracers, Traced request) {

    static final RequestTrace NONE = new RequestTrace(new Tracers(List.of()), new Traced(0, "", ""));

    /** Tells of a step that its name says all about. */
    void tell(BiConsumer<RequestTracer, Traced> step) {
        tracers.tell(request, step);
    }

    void connecting(String host, int port) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.connecting(traced, host, port));
        }
    }

    void firstByte(boolean reused) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.firstByte(traced, reused));
        }
    }

    void redirected(RequestHop next) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.redirected(traced, next.url().forLog()));
        }
    }

    void retrying(int retry, Duration wait) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.retrying(traced, retry, wait));
        }
    }

    void answered(int status) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.answered(traced, status));
        }
    }

    void ended(int status, boolean whole) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.ended(traced, status, whole));
        }
    }

    void failed(Throwable failure) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.failed(traced, failure));
        }
    }
}
