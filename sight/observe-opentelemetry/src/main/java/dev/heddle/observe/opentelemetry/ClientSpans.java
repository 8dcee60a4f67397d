package dev.heddle.observe.opentelemetry;

import dev.heddle.CancelledException;
import dev.heddle.http.client.ClientFilter;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.Reply;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A filter that makes a span of each request that a client sends, and gives it on to the server as the parent of its
 * own.
 *
 * <pre>{@code
 * HttpClient.builder().filter(new ClientSpans(telemetry)).build()
 * }</pre>
 *
 * <p>One span is one call of {@link ClientRequest#send()}, with its redirects and retries, from the call to the head of
 * the answer. The context is given on in the fields of the {@link OpenTelemetry}'s propagators, and in Heddle's where
 * they write none.
 *
 * <p>Names and attributes are those of OpenTelemetry's conventions for HTTP. A URL is without user and query, since
 * secrets live there: where there is one, {@code ?*} stands for it. A status from 400 on is an error; so is a failure,
 * and a request that is cancelled.
 *
 * <p>Threads: any.
 */
public final class ClientSpans implements ClientFilter {

    private static final int CLIENT_ERROR = 400;

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    /** A filter that gives its spans to this. */
    public ClientSpans(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.heddle.http");
        this.propagator = telemetry.getPropagators().getTextMapPropagator();
    }

    @Override
    public Reply send(ClientRequest request, Next next) {
        Span span = tracer.spanBuilder(HttpAttributes.name(request.method()))
                .setSpanKind(SpanKind.CLIENT)
                .setAllAttributes(attributes(request))
                .startSpan();
        Context context = Context.current().with(span);
        try (Scope _ = context.makeCurrent()) {
            propagator.inject(context, request, ClientSpans::set);
            Reply reply = next.send(request);
            span.setAttribute(HttpAttributes.VERSION, HttpAttributes.version(reply.version()));
            HttpAttributes.status(span, reply.status(), reply.status() >= CLIENT_ERROR);
            return reply;
        } catch (Throwable e) {
            HttpAttributes.failed(span, e, e instanceof CancelledException);
            throw e;
        } finally {
            span.end();
        }
    }

    private static void set(@Nullable ClientRequest request, String name, String value) {
        if (request != null) {
            request.header(name, value);
        }
    }

    private static Attributes attributes(ClientRequest request) {
        URI url = request.url();
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        var attributes = Attributes.builder();
        HttpAttributes.method(attributes, request.method());
        attributes.put(HttpAttributes.URL, full(url));
        if (url.getHost() != null) {
            HttpAttributes.address(attributes, HttpAttributes.SERVER, HttpAttributes.SERVER_PORT,
                    url.getHost() + ":" + (url.getPort() < 0 ? secure ? 443 : 80 : url.getPort()));
        }
        return attributes.build();
    }

    private static String full(URI url) {
        String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1)
                + url.getRawPath() + (url.getRawQuery() == null ? "" : "?*");
    }
}
