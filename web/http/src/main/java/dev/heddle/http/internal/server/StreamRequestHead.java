package dev.heddle.http.internal.server;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.RequestParser;
import dev.heddle.http.internal.codec.Target;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, made out of the fields of a stream (RFC 9113, section 8.3.1; RFC 9114, section 4.3.1). One that asks for a WebSocket
 * comes as a CONNECT (RFC 8441, section 4) and is shown as the GET that it stands for.
 */
public final class StreamRequestHead {

    /** What a stream can carry in place of HTTP (RFC 8441, section 5). */
    private static final String WEBSOCKET = "websocket";

    private StreamRequestHead() {}

    /**
     * Checks that the fields are a request in one way only.
     *
     * @return what makes them malformed (RFC 9113, section 8.1.1; RFC 9114, section 4.1.2); null if nothing does
     */
    public static @Nullable String malformed(Http2Fields fields, boolean end) {
        String malformed = fields.malformed();
        return malformed == null && !fields.isTooLarge() ? fault(fields, end) : malformed;
    }

    private static @Nullable String fault(Http2Fields fields, boolean end) {
        String method = fields.method();
        String path = fields.path();
        if (method == null || !FieldSyntax.isToken(method)) {
            return "no :method";
        }
        if (fields.status() != null) {
            return "a :status";
        }
        String protocol = fields.protocol();
        boolean connect = method.equals("CONNECT") && protocol == null;
        if (protocol != null && !method.equals("CONNECT")) {
            return "a :protocol without CONNECT";
        }
        if (protocol != null && (end || fields.contentLength() >= 0)) {
            return "a tunnel with an end";
        }
        String scheme = fields.scheme();
        if (connect ? path != null || scheme != null : path == null || scheme == null) {
            return "missing or needless :scheme or :path";
        }
        if (scheme != null && !FieldSyntax.isScheme(scheme)) {
            return "a bad :scheme";
        }
        if (path != null && (path.isEmpty() || !isVisible(path))) {
            return "a bad :path";
        }
        if (end && fields.contentLength() > 0) {
            return "a body that is announced and missing";
        }
        String authority = fields.authority();
        String host = fields.headers().first("host");
        if (authority != null && (authority.indexOf('@') >= 0 || (host != null && !host.equalsIgnoreCase(authority)))) {
            return "a bad :authority";
        }
        return null;
    }

    private static boolean isVisible(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes the head of a request that is not malformed.
     *
     * @param maxStartLine most characters of a path
     * @throws StatusException for what a server of HTTP/1 would refuse in words
     */
    public static RequestHead of(Http2Fields fields, int maxStartLine, boolean end, Protocol version) {
        if (fields.isTooLarge()) {
            throw new StatusException(431, "header section is too large");
        }
        String method = String.valueOf(fields.method());
        String path = fields.path();
        if (method.length() > RequestParser.MAX_METHOD || path == null) {
            throw new StatusException(501, "no such method here");
        }
        if (path.length() > maxStartLine) {
            throw new StatusException(414, "request target is longer than " + maxStartLine);
        }
        if (!"http".equalsIgnoreCase(fields.scheme()) && !"https".equalsIgnoreCase(fields.scheme())) {
            throw new StatusException(400, "request target is no http URL");
        }
        if (fields.repeated() != null) {
            throw new StatusException(400, fields.repeated() + " comes twice");
        }
        if (path.charAt(0) != '/' && !path.equals("*")) {
            throw new StatusException(400, "request target is no path");
        }
        String protocol = fields.protocol();
        if (protocol != null) {
            if (!protocol.equals(WEBSOCKET)) {
                throw new StatusException(501, "the only protocol that a stream can carry here is " + WEBSOCKET);
            }
            method = "GET";
        }
        Target target = Target.parse(method, path);
        Headers headers = fields.headers();
        String host = fields.authority() == null ? headers.first("host") : fields.authority();
        if (host == null || !Authority.isValid(host)) {
            throw new StatusException(400, "missing or bad host");
        }
        long length = end || protocol != null
                ? 0
                : fields.contentLength() < 0 ? RequestHead.CHUNKED : fields.contentLength();
        String expect = headers.first("expect");
        if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
            throw new StatusException(417, "the only expectation here is 100-continue");
        }
        return new RequestHead(method, path, target, version, host, headers, length, true, expect != null,
                protocol);
    }
}
