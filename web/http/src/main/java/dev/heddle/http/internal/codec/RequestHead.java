package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, checked as a whole: framing, host and what the peer wants of its connection.
 *
 * @param method a token, in the case it came
 * @param rawTarget the target as it came
 * @param target the same taken apart
 * @param protocol the version of HTTP
 * @param host the host of the target or the Host field; null only for HTTP/1.0
 * @param headers all fields in order
 * @param bodyLength how long the body is, 0 for none, or {@link #CHUNKED}
 * @param keepAlive whether the peer wants to keep its connection
 * @param expectsContinue whether the peer may wait for a 100 before it sends the body
 * @param connectProtocol what a stream is to carry from now on (RFC 8441, RFC 9220); the method is then that of the
 *     same request over HTTP/1.1. Null for all other requests
 */
public record RequestHead(
        String method,
        String rawTarget,
        Target target,
        Protocol protocol,
        @Nullable String host,
        Headers headers,
        long bodyLength,
        boolean keepAlive,
        boolean expectsContinue,
        @Nullable String connectProtocol) {

    /** A body whose length its own framing tells. */
    public static final long CHUNKED = -1;

    /** Whether chunks and kept connections are understood; else it is HTTP/1.0. */
    public boolean http11() {
        return protocol != Protocol.HTTP_1_0;
    }

    /** The same with other fields, of which none changes what stands in the others here. */
    public RequestHead withHeaders(Headers fields) {
        return new RequestHead(
                method, rawTarget, target, protocol, host, fields, bodyLength, keepAlive, expectsContinue,
                connectProtocol);
    }

    /** The method and path for a line of a log: without the query, which may be secret. */
    public String label() {
        return FieldSyntax.printable(method + " " + target.path());
    }

    /** Whether a comma-separated field, maybe over several lines, has the token. */
    public static boolean listHas(Headers headers, String name, String token) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name) && FieldSyntax.hasElement(headers.value(i), token)) {
                return true;
            }
        }
        return false;
    }
}
