package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ClientCookies;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.Http1RequestHead;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.chain.CookieFilter;
import dev.heddle.http.internal.client.chain.HstsFilter;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.client.connection.ClientSession;
import dev.heddle.http.internal.client.connection.ClientStream;
import dev.heddle.http.internal.client.connection.RequestFields;
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
 * The opening handshake of a WebSocket, seen from the client: over a new connection (RFC 6455, section 4.1), or on a
 * stream of a shared one (RFC 8441, section 5; RFC 9220).
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
        learn(answer.headers());
        if (answer.status() != 101) {
            throw refused(answer);
        }
        return agreed(stream, answer.headers(), key);
    }

    /**
     * Asks for the WebSocket on a stream of HTTP/2 or HTTP/3.
     *
     * <p>Cancellation: a cancelled call has reset its stream; the connection lives on.
     *
     * @param session has room for it, which is used or given up in any case
     * @return null if it should be asked for over HTTP/1.1
     */
    @Nullable RealWebSocket runIn(ClientSession session) {
        boolean takes = false;
        try {
            takes = session.awaitTunnels();
        } finally {
            if (!takes) {
                session.unreserve();
            }
        }
        boolean reused = session.isReused();
        call.deadline().enter(Phase.SEND);
        ClientStream answer = takes ? ask(session) : null;
        if (answer == null) {
            return null;
        }
        RealWebSocket opened = null;
        try {
            call.deadline().enter(Phase.HEAD);
            opened = answered(answer, answer.awaitHead(call));
            return opened;
        } catch (BrokenException e) {
            if (mayTryHttp1(answer, reused)) {
                return null;
            }
            throw ClientErrors.named(what, e);
        } finally {
            if (opened == null) {
                answer.done();
            }
        }
    }

    private @Nullable ClientStream ask(ClientSession session) {
        RequestHop asked = CookieFilter.withCookies(hop.with(offer(hop.headers())).inTrace(), call.client().cookies());
        Headers defaults = call.client().head(false).defaults(asked);
        var fields = new RequestFields(asked, defaults, false, "websocket");
        return session.open(asked, fields, false, call.options());
    }

    private RealWebSocket answered(ClientStream answer, ReplyHead head) {
        learn(head.headers());
        if (head.status() / 100 != 2) {
            throw refused(head);
        }
        check(answer.length() != 0, "a consent behind which nothing can follow");
        ByteStream stream = answer.tunnel();
        return ClientWebSocketConnection.open(call, hop, stream, () -> agreed(stream, head.headers()));
    }

    /** Whether the server has done nothing with it, or never got it, or wants it by HTTP/1.1. */
    private static boolean mayTryHttp1(ClientStream answer, boolean reused) {
        return !answer.hasBegun() && switch (answer.retry()) {
            case null -> false;
            case UNPROCESSED, NEEDS_HTTP_1 -> true;
            case STALE -> reused;
        };
    }

    private void learn(Headers replied) {
        ClientCookies jar = call.client().cookies();
        if (jar != null) {
            jar.store(hop.url(), replied.all("Set-Cookie"));
        }
        HstsFilter.learn(call, hop, replied);
    }

    private ReplyStatusException refused(ReplyHead answer) {
        String reason = FieldSyntax.printable(answer.reason());
        return ClientErrors.about(what, new ReplyStatusException(
                "the server opens no WebSocket here, it answered " + answer.status()
                        + (reason.isEmpty() ? "" : " " + reason),
                answer.status()));
    }

    private void ask(ByteStream stream, RequestHop asked) {
        Http1RequestHead writer = call.client().head(false);
        ByteBuffer head = ByteBuffer.allocate(writer.room(asked));
        writer.write(head, asked, false);
        stream.write(head.flip());
    }

    private Headers fields(String key) {
        return offer(hop.headers()
                .with("Upgrade", "websocket")
                .with("Connection", "Upgrade")
                .with("Sec-WebSocket-Key", key));
    }

    /** What is asked for in any version of HTTP. */
    private Headers offer(Headers own) {
        Headers fields = own.with("Sec-WebSocket-Version", AcceptKey.VERSION);
        if (!options.subprotocols().isEmpty()) {
            fields = fields.with("Sec-WebSocket-Protocol", String.join(", ", options.subprotocols()));
        }
        return options.compression() ? fields.with(DeflateTerms.FIELD, DeflateTerms.offer(options)) : fields;
    }

    private ReplyHead answer(ByteStream stream) {
        ClientLimits limits = call.options().limits();
        var parser = new ReplyParser(CallOptions.headLimits(limits));
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
        return agreed(stream, replied);
    }

    private RealWebSocket agreed(ByteStream stream, Headers replied) {
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
