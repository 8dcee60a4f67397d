package dev.heddle.http.client;

import dev.heddle.http.client.RequestTracer.Traced;
import java.time.Duration;
import java.util.List;

/** The tracing of one request: tells the tracers about it; costs nothing where there are none. */
final class RequestTrace {

    static final RequestTrace NONE = new RequestTrace(new Tracers(List.of()), new Traced(0, "", ""));

    private final Tracers tracers;
    private final Traced request;

    RequestTrace(Tracers tracers, Traced request) {
        this.tracers = tracers;
        this.request = request;
    }

    void began() {
        tracers.tell(request, RequestTracer::began);
    }

    void queued() {
        tracers.tell(request, RequestTracer::queued);
    }

    void connecting(String host, int port) {
        if (this != NONE) {
            tracers.tell(request, (tracer, traced) -> tracer.connecting(traced, host, port));
        }
    }

    void connected() {
        tracers.tell(request, RequestTracer::connected);
    }

    void tlsStarted() {
        tracers.tell(request, RequestTracer::tlsStarted);
    }

    void tlsAgreed() {
        tracers.tell(request, RequestTracer::tlsAgreed);
    }

    void headSent() {
        tracers.tell(request, RequestTracer::headSent);
    }

    void bodySent() {
        tracers.tell(request, RequestTracer::bodySent);
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
