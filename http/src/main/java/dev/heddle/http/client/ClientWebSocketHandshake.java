package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.codec.ReplyParser;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.websocket.AcceptKey;
import dev.heddle.http.internal.websocket.DeflateTerms;
import dev.heddle.http.internal.websocket.RealWebSocket;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake of a WebSocket over a new connection, seen from the client (RFC 6455, section 4.1).
 *
 * @param hop what the caller has set
 * @param what names the request in errors
 */
record ClientWebSocketHandshake(CallContext call, RequestHop hop, WebSocketOptions options, Object what) {

    /**
     * Asks for the WebSocket and waits for the server's consent.
     *
     * <p>Cancellation: a cancelled call leaves the stream half used, to be aborted; and so does one that fails.
     */
    RealWebSocket run(ByteStream stream) {
        String key = AcceptKey.newKey();
        call.deadline().enter(Phase.SEND);
        ask(stream, CookieFilter.withCookies(hop.with(fields(key)).inTrace(), call.client().cookies()));
        call.deadline().enter(Phase.HEAD);
        ReplyHead answer = answer(stream);
        Headers replied = answer.headers();
        CookieJar jar = call.client().cookies();
        if (jar != null) {
            jar.store(hop.url(), replied.all("Set-Cookie"));
        }
        HstsFilter.learn(call, hop, replied);
        if (answer.status() != 101) {
            throw new ReplyStatusException(
                    what + " -> " + answer.status() + " " + FieldSyntax.printable(answer.reason())
                            + ": the server opens no WebSocket here",
                    answer.status());
        }
        return agreed(stream, replied, key);
    }

    private void ask(ByteStream stream, RequestHop asked) {
        Http1RequestHead writer = call.client().head(false);
        ByteBuffer head = ByteBuffer.allocate(writer.room(asked));
        writer.write(head, asked, false);
        stream.write(head.flip());
    }

    private Headers fields(String key) {
        Headers fields = hop.headers()
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Version", AcceptKey.VERSION)
                .with("Sec-WebSocket-Key", key);
        if (!options.subprotocols().isEmpty()) {
            fields = fields.with("Sec-WebSocket-Protocol", String.join(", ", options.subprotocols()));
        }
        return options.compression() ? fields.with(DeflateTerms.FIELD, DeflateTerms.offer(options)) : fields;
    }

    private ReplyHead answer(ByteStream stream) {
        ClientLimits limits = call.options().limits();
        var parser = new ReplyParser(limits.head());
        for (int interims = 0; interims <= limits.maxInterimResponses(); interims++) {
            parser.start(false);
            ByteBuffer bytes;
            do {
                bytes = stream.fill();
                if (!bytes.hasRemaining()) {
                    throw ClientErrors.about(what,
                            new BrokenException("the server closed the connection instead of an answer"));
                }
                call.deadline().progress();
            } while (!parser.parseHead(bytes));
            if (parser.status() >= 200 || parser.status() == 101) {
                return parser.head();
            }
        }
        throw bad("more than " + limits.maxInterimResponses() + " interim responses");
    }

    private RealWebSocket agreed(ByteStream stream, Headers replied, String key) {
        check(RequestHead.listHas(replied, "Upgrade", "websocket")
                && RequestHead.listHas(replied, "Connection", "Upgrade"), "a switch to something else");
        check(replied.count("Sec-WebSocket-Accept") == 1
                && AcceptKey.acceptFor(key).equals(replied.first("Sec-WebSocket-Accept")),
                "a wrong proof in Sec-WebSocket-Accept");
        List<String> chosen = replied.all("Sec-WebSocket-Protocol");
        check(chosen.isEmpty() || (chosen.size() == 1 && options.subprotocols().contains(chosen.getFirst())),
                "a subprotocol that was not offered");
        return new RealWebSocket(stream, true, options, terms(replied), chosen.isEmpty() ? null : chosen.getFirst());
    }

    private @Nullable DeflateTerms terms(Headers replied) {
        try {
            return DeflateTerms.agreed(replied.all(DeflateTerms.FIELD), options);
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage());
        }
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw bad(otherwise);
        }
    }

    private BadReplyException bad(@Nullable String answer) {
        return ClientErrors.about(what, new BadReplyException("the server answered with " + answer));
    }
}
