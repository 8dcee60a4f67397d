package dev.heddle.http.gateway;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketInput;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.client.WebSocketRequest;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MalformedMessageException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A WebSocket on its way through a gateway: one to the client and one to the upstream, and two tasks that pass messages
 * on, piece by piece. The upstream's is opened first, so that its answer is the client's.
 *
 * <pre>
 *   OPEN ──either side closes, is lost, or breaks a rule──▶ the other is closed, by the same code or one that says so
 * </pre>
 */
final class ProxiedSocket {

    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int NO_STATUS = 1005;
    private static final int LOST = 1006;
    private static final int BAD_GATEWAY = 1014;

    private static final String OURS = "sec-websocket-";

    private ProxiedSocket() {}

    /** Whether a request is for one. */
    static boolean isAskedFor(Request request) {
        Headers headers = request.headers();
        return request.asksForWebSocket()
                || (headers.contains("Upgrade") && headers.contains("Sec-WebSocket-Key"));
    }

    /** What the client gets whose handshake is none; empty if it is sound. No upstream hears of it. */
    static Optional<Response> refusal(Request request, WebSocketOptions options) {
        Response response = Response.webSocket(request, options, (_, _) -> {});
        return isOpening(response) ? Optional.empty() : Optional.of(response);
    }

    /** 101, or 200 on a stream. */
    private static boolean isOpening(Response response) {
        return response.status() < 400;
    }

    /**
     * Opens one to an upstream, and answers the client's handshake.
     *
     * @param fields for the upstream
     * @throws StatusException as the upstream has refused
     */
    static Response open(Proxying gateway, Request request, Upstream upstream, String target, Headers fields) {
        WebSocket other = connect(gateway, request, upstream, target, fields);
        boolean answered = false;
        try {
            WebSocketOptions agreed = gateway.sockets()
                    .withSubprotocols(other.subprotocol().stream().toArray(String[]::new));
            Response response = Response.webSocket(request, agreed, (_, client) -> talk(client, other));
            answered = isOpening(response);
            return answered
                    ? response.onEnd(() -> {
                        other.abort();
                        upstream.places.leave();
                    })
                    : response;
        } finally {
            if (!answered) {
                other.abort();
            }
        }
    }

    private static WebSocket connect(
            Proxying gateway, Request request, Upstream upstream, String target, Headers fields) {
        WebSocketRequest asked;
        try {
            asked = gateway.http().webSocket(upstream.url.replaceFirst("^http", "ws") + target)
                    .options(gateway.sockets().withCompression(false))
                    .subprotocols(offered(request.headers()))
                    .timeout(gateway.timeouts().connect().plus(gateway.timeouts().read()));
            passOn(fields, asked);
        } catch (IllegalArgumentException e) {
            throw new StatusException(400, "this WebSocket is not passed on");
        }
        try {
            return asked.connect();
        } catch (ReplyStatusException e) {
            if (e.status() < 400 || e.status() > 599) {
                throw new BadReplyException(upstream + " answers the handshake of a WebSocket with " + e.status());
            }
            throw new StatusException(e.status(), "the server behind this gateway opens no WebSocket here");
        }
    }

    /** Each name once: a handshake has a value for each. */
    private static void passOn(Headers fields, WebSocketRequest to) {
        Set<String> passed = new LinkedHashSet<>();
        fields.forEach((name, _) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!lower.startsWith(OURS) && passed.add(lower)) {
                to.header(name, String.join(lower.equals("cookie") ? "; " : ", ", fields.all(name)));
            }
        });
    }

    private static String[] offered(Headers headers) {
        return headers.all("Sec-WebSocket-Protocol").stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toArray(String[]::new);
    }

    /** Until both are closed. */
    private static void talk(WebSocket client, WebSocket upstream) {
        Heddle.group(group -> {
            group.spawn("from the upstream", () -> pass(upstream, client, BAD_GATEWAY));
            pass(client, upstream, GOING_AWAY);
        });
    }

    /**
     * Passes messages on until one side ends, and closes the other.
     *
     * @param lost the code that says that there is no such side any more
     */
    private static void pass(WebSocket from, WebSocket to, int lost) {
        int code = lost;
        try {
            for (Optional<WebSocketInput> next = from.receiveStream(); next.isPresent(); next = from.receiveStream()) {
                WebSocketInput message = next.get();
                if (message.isText()) {
                    to.streamText(message::transferTo);
                } else {
                    to.streamBinary(message::transferTo);
                }
            }
            code = code(from.closeCode(), lost);
        } catch (BrokenException | ClosedException | LimitExceededException | MalformedMessageException e) {
            // The side that is at fault was told by its close.
        }
        to.close(code, code == lost ? "" : from.closeReason());
    }

    /** What of a side's close may be said to the other. */
    private static int code(OptionalInt closed, int lost) {
        int code = closed.orElse(LOST);
        if (code == NO_STATUS) {
            return NORMAL;
        }
        boolean sayable = (code >= NORMAL && code <= BAD_GATEWAY && code != LOST && code != 1004)
                || (code >= 3000 && code <= 4999);
        return sayable ? code : lost;
    }
}
