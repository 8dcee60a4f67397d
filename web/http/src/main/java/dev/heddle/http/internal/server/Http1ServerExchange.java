package dev.heddle.http.internal.server;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.internal.sight.Kernel;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one exchange of HTTP/1.1: a request and its response.
 *
 * <pre>
 *   HANDLER ──response──▶ RESPONSE ──it has left──▶ ANSWERED ──the rest of the request is read──▶ verdict
 * </pre>
 */
final class Http1ServerExchange {

    private enum Phase {
        HANDLER,
        RESPONSE,
        ANSWERED
    }

    private final ServerLoop loop;
    private final RequestHead head;
    private final TimedStream timed;
    private final Http1ResponseSender sender;
    private final Http1RequestSource body;
    private final ConnectionAge age;
    private final ServerMeter.@Nullable Begun begun;
    private Phase phase = Phase.HANDLER;
    private boolean counted;
    private @Nullable ProtocolSwitch successor;

    Http1ServerExchange(ServerLoop loop, RequestHead head, TimedStream timed, Http1ResponseSender sender,
            ConnectionAge age) {
        this.loop = loop;
        this.head = head;
        this.timed = timed;
        this.sender = sender;
        this.body = new Http1RequestSource(loop, head, timed, sender);
        this.age = age;
        this.begun = loop.meter().begun(head, timed.stream());
        sender.begin();
    }

    /** Has the request answered, and says what becomes of the connection. */
    Http1Verdict run() {
        ServerResponse response = loop.answerer().answer(head, body);
        phase = Phase.RESPONSE;
        Http1Verdict sent = send(response);
        count();
        body.close();
        phase = Phase.ANSWERED;
        if (sent != Http1Verdict.SWITCH) {
            Kernel.label(null); // the rest of the connection is not the route's
        }
        return switch (sent) {
            case KEEP -> body.skip() ? Http1Verdict.KEEP : end();
            case CLOSE -> end();
            case SWITCH, HTTP_2, LINGER, LINGER_UNREAD, CUT -> sent;
        };
    }

    private Http1Verdict send(ServerResponse response) {
        ResponseBody answer = response.body();
        if (answer instanceof ResponseBody.Upgraded upgraded) {
            boolean sent = false;
            try {
                sender.sendSwitch(response);
                sent = true;
            } finally {
                if (!sent) {
                    upgraded.release();
                }
            }
            successor = upgraded.next();
            return Http1Verdict.SWITCH;
        }
        boolean keep = head.keepAlive()
                && !age.isOver()
                && body.canBeSkipped(answer instanceof ResponseBody.Streamed)
                && !RequestHead.listHas(response.headers(), "Connection", "close");
        return sender.send(head, response, keep);
    }

    private Http1Verdict end() {
        if (!body.isEnded()) {
            return Http1Verdict.LINGER_UNREAD;
        }
        return head.keepAlive() ? Http1Verdict.LINGER : Http1Verdict.CLOSE;
    }

    /** What speaks on the connection after {@link Http1Verdict#SWITCH}. */
    ProtocolSwitch successor() {
        if (successor == null) {
            throw new IllegalStateException("HTTP goes on");
        }
        return successor;
    }

    /** The request for a line of a log. */
    String label() {
        return head.label();
    }

    /** Whether the handler is at work, so that nothing of the response has been made. */
    boolean isInHandler() {
        return phase == Phase.HANDLER;
    }

    /** Whether the response is whole, and what is left of the request is of no use to anybody. */
    boolean isAnswered() {
        return phase == Phase.ANSWERED;
    }

    /** Answers in place of a handler that was cut off. */
    void refuse(StatusException bad) {
        sender.sendError(bad, head.method().equals("HEAD"));
    }

    /** Tells those who count, once, that the response is sent or never will be. */
    void count() {
        if (!counted) {
            counted = true;
            loop.meter().ended(head, timed.stream(), body.route(), sender.status(), sender.bodyBytes(), begun);
        }
    }
}
