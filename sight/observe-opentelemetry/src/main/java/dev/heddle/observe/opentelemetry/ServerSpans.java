package dev.heddle.observe.opentelemetry;

import dev.heddle.CancelledException;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A middleware that makes a span of each request, which is the parent of all that the handler causes.
 *
 * <pre>{@code
 * HttpServer.builder().use(new ServerSpans(telemetry)).get("/users/{id}", users::find)
 * }</pre>
 *
 * <p>Put it first, so that the middleware behind it runs in the span too. The request's own context is taken by the
 * propagators of the {@link OpenTelemetry}, and by Heddle where they take none.
 *
 * <p>Names and attributes are those of OpenTelemetry's conventions for HTTP: {@code GET /users/{id}}. The query of a URL
 * is left out, since secrets live there. A status from 500 on is an error; so is what the handler throws, and a request
 * that is cancelled, since its peer is gone or its time is over; also where that happens behind the head of a streamed
 * response.
 *
 * <p>A span ends when the response is there, or, where its body is {@linkplain Response#isStreamed streamed}, behind the
 * last byte that was sent. The writer of such a body runs in the context of the request, not of the span.
 *
 * <p>Threads: any.
 */
public final class ServerSpans implements Middleware {

    private static final int SERVER_ERROR = 500;

    private static final TextMapGetter<Request> FIELDS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Request request) {
            Set<String> names = new LinkedHashSet<>();
            for (int i = 0; i < request.headers().size(); i++) {
                names.add(request.headers().name(i));
            }
            return names;
        }

        @Override
        public @Nullable String get(@Nullable Request request, String key) {
            List<String> all = request == null ? List.of() : request.headers().all(key);
            return all.isEmpty() ? null : String.join(",", all);
        }
    };

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    /** A middleware that gives its spans to this. */
    public ServerSpans(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.heddle.http");
        this.propagator = telemetry.getPropagators().getTextMapPropagator();
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        Context parent = propagator.extract(Context.current(), request, FIELDS);
        String route = request.route().orElse(null);
        String method = HttpAttributes.name(request.method());
        Span span = tracer.spanBuilder(route == null ? method : method + " " + route)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAllAttributes(attributes(request, route))
                .startSpan();
        boolean goesOn = false;
        try (Scope _ = parent.with(span).makeCurrent()) {
            Response response = next.handle(request);
            HttpAttributes.status(span, response.status(), response.status() >= SERVER_ERROR);
            goesOn = response.isStreamed();
            return goesOn ? response.onOutcome(failure -> ended(span, failure)) : response;
        } catch (Throwable e) {
            HttpAttributes.failed(span, e, e instanceof CancelledException);
            throw e;
        } finally {
            if (!goesOn) {
                span.end();
            }
        }
    }

    /** The status is sent by then; what went wrong behind it is the span's. */
    private static void ended(Span span, Optional<Throwable> failure) {
        failure.ifPresent(e -> HttpAttributes.failed(span, e, e instanceof CancelledException));
        span.end();
    }

    private static Attributes attributes(Request request, @Nullable String route) {
        var attributes = Attributes.builder();
        HttpAttributes.method(attributes, request.method());
        int query = request.target().indexOf('?');
        attributes.put(HttpAttributes.SCHEME, request.scheme())
                .put(HttpAttributes.PATH, query < 0 ? request.target() : request.target().substring(0, query))
                .put(HttpAttributes.VERSION, HttpAttributes.version(request.version()))
                .put(HttpAttributes.CLIENT, request.clientAddress());
        if (route != null) {
            attributes.put(HttpAttributes.ROUTE, route);
        }
        HttpAttributes.address(attributes, HttpAttributes.SERVER, HttpAttributes.SERVER_PORT,
                request.host().orElse(null));
        HttpAttributes.address(attributes, HttpAttributes.PEER, HttpAttributes.PEER_PORT, request.remoteAddress());
        request.header("User-Agent").ifPresent(agent -> attributes.put(HttpAttributes.USER_AGENT, agent));
        return attributes.build();
    }
}
