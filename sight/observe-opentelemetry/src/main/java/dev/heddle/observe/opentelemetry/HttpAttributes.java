package dev.heddle.observe.opentelemetry;

import dev.heddle.GroupException;
import dev.heddle.observe.internal.metrics.HttpMethodNames;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/** Names and values of OpenTelemetry's semantic conventions for HTTP. */
final class HttpAttributes {

    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
    static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");
    static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");
    static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");
    static final AttributeKey<String> USER_AGENT = AttributeKey.stringKey("user_agent.original");

    private static final AttributeKey<String> ORIGINAL_METHOD = AttributeKey.stringKey("http.request.method_original");

    private HttpAttributes() {}

    /** The first word of a span's name. */
    static String name(String method) {
        return HttpMethodNames.isKnown(method) ? method : "HTTP";
    }

    static void method(AttributesBuilder attributes, String method) {
        if (HttpMethodNames.isKnown(method)) {
            attributes.put(METHOD, method);
        } else {
            attributes.put(METHOD, HttpMethodNames.OTHER).put(ORIGINAL_METHOD, method);
        }
    }

    /** Puts the two parts of {@code address:port}; only the first where there is no port. */
    static void address(
            AttributesBuilder attributes, AttributeKey<String> address, AttributeKey<Long> port,
            @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return;
        }
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > text.lastIndexOf(']') && colon < text.length() - 1
                && text.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9') && text.length() - colon <= 6;
        String host = hasPort ? text.substring(0, colon) : text;
        attributes.put(address,
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
        if (hasPort) {
            attributes.put(port, Long.parseLong(text.substring(colon + 1)));
        }
    }

    /** {@code 1.1} of {@code HTTP/1.1}. */
    static String version(String protocol) {
        return protocol.substring(protocol.indexOf('/') + 1);
    }

    /** A response that tells of an error. */
    static void status(Span span, int status, boolean error) {
        span.setAttribute(STATUS, (long) status);
        if (error) {
            span.setAttribute(ERROR, Integer.toString(status));
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** No response, since something was thrown. */
    static void failed(Span span, Throwable failure, boolean cancelled) {
        span.setAttribute(ERROR, GroupException.leaves(failure).getFirst().getClass().getName());
        if (cancelled) {
            span.setStatus(StatusCode.ERROR, "cancelled");
        } else {
            span.setStatus(StatusCode.ERROR);
            span.recordException(failure);
        }
    }
}
