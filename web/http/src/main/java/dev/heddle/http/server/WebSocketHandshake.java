package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.server.ResponseBody;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.http.internal.websocket.AcceptKey;
import dev.heddle.http.internal.websocket.DeflateTerms;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The opening handshake as the server sees it (RFC 6455, section 4.2; on a stream RFC 8441, section 5, and RFC 9220). */
final class WebSocketHandshake {

    private WebSocketHandshake() {}

    /**
     * Answers the request for a WebSocket: with 101, or 200 on a stream, after which the handler talks, or with what is
     * wrong with it.
     *
     * @param handler talks in the task of the connection, or of its stream
     */
    static Response answer(Request request, WebSocketOptions options, WebSocketHandler handler) {
        Headers headers = request.headers();
        if (!request.method().equals("GET")) {
            return ErrorResponse.of(405, "a WebSocket begins with GET").withHeader("Allow", "GET");
        }
        boolean inStream = request.head().connectProtocol() != null;
        if (request.head().protocol().hasStreams() && !inStream) {
            return ErrorResponse.of(400, "a WebSocket on a stream begins with CONNECT and :protocol (RFC 8441)");
        }
        if (request.head().protocol() == Protocol.HTTP_1_0) {
            return ErrorResponse.of(400, "a WebSocket begins with HTTP/1.1");
        }
        if (!inStream && !(RequestHead.listHas(headers, "Upgrade", "websocket")
                && RequestHead.listHas(headers, "Connection", "Upgrade"))) {
            return upgradeRequired("this is a WebSocket");
        }
        if (request.head().bodyLength() != 0 || request.head().expectsContinue()) {
            return ErrorResponse.of(400, "a request for a WebSocket has no body");
        }
        if (headers.count("Sec-WebSocket-Version") != 1
                || !AcceptKey.VERSION.equals(headers.first("Sec-WebSocket-Version"))) {
            String message = "the version of WebSocket here is " + AcceptKey.VERSION;
            return inStream
                    ? ErrorResponse.of(400, message).withHeader("Sec-WebSocket-Version", AcceptKey.VERSION)
                    : upgradeRequired(message);
        }
        String key = headers.first("Sec-WebSocket-Key");
        if (!inStream && (key == null || headers.count("Sec-WebSocket-Key") != 1 || !AcceptKey.isKey(key))) {
            return ErrorResponse.of(400, "missing or bad Sec-WebSocket-Key");
        }
        if (!isAllowed(headers, request, options.allowedOrigins())) {
            return ErrorResponse.of(403, "pages of this origin may not connect");
        }
        DeflateTerms terms;
        try {
            terms = options.compression() ? DeflateTerms.accept(headers.all(DeflateTerms.FIELD), options) : null;
        } catch (IllegalArgumentException e) {
            return ErrorResponse.of(400, "bad " + DeflateTerms.FIELD);
        }
        String subprotocol = choose(headers, options.subprotocols());
        var session = new ServerWebSocket(request, options, terms, subprotocol, handler);
        return new RealResponse(inStream ? 200 : 101, accepted(inStream ? null : key, terms, subprotocol),
                new ResponseBody.Upgraded(session));
    }

    private static Response upgradeRequired(String message) {
        return ErrorResponse.of(426, message)
                .withHeader("Upgrade", "websocket")
                .withHeader("Sec-WebSocket-Version", AcceptKey.VERSION);
    }

    /**
     * @param key that of the client; null on a stream, which needs no proof that it was understood
     */
    private static Headers accepted(
            @Nullable String key, @Nullable DeflateTerms terms, @Nullable String subprotocol) {
        Headers.Builder fields = Headers.builder();
        if (key != null) {
            fields.add("Upgrade", "websocket")
                    .add("Connection", "Upgrade")
                    .add("Sec-WebSocket-Accept", AcceptKey.acceptFor(key));
        }
        if (subprotocol != null) {
            fields.add("Sec-WebSocket-Protocol", subprotocol);
        }
        if (terms != null) {
            fields.add(DeflateTerms.FIELD, terms.answer());
        }
        return fields.build();
    }

    /** The server's favourite among those that the client offers. */
    private static @Nullable String choose(Headers headers, List<String> ours) {
        for (String name : ours) {
            for (String field : headers.all("Sec-WebSocket-Protocol")) {
                for (String offered : field.split(",", -1)) {
                    if (offered.strip().equals(name)) {
                        return name;
                    }
                }
            }
        }
        return null;
    }

    /**
     * Browsers send the origin of the page and the user's cookies along with it, and let any page connect anywhere: so
     * it is the server that must say no (RFC 6455, section 10.2).
     */
    private static boolean isAllowed(Headers headers, Request request, List<String> allowed) {
        String origin = headers.first("Origin");
        if (origin == null || allowed.contains("*")) {
            return true;
        }
        if (headers.count("Origin") != 1) {
            return false;
        }
        if (!allowed.isEmpty()) {
            return allowed.stream().anyMatch(origin::equalsIgnoreCase);
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        boolean tls = lower.startsWith("https://");
        if (!tls && (request.isSecure() || !lower.startsWith("http://"))) {
            // Whoever is on the way can put a page into plain HTTP, so it is no page of this server's.
            return false;
        }
        String port = tls ? ":443" : ":80";
        String host = request.host().orElse("");
        return withPort(lower.substring(tls ? 8 : 7), port).equals(withPort(host.toLowerCase(Locale.ROOT), port));
    }

    private static String withPort(String authority, String port) {
        boolean has = authority.lastIndexOf(':') > authority.lastIndexOf(']');
        return has ? authority : authority + port;
    }
}
