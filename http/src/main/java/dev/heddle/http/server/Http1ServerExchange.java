package dev.heddle.http.server;

import dev.heddle.http.internal.codec.RequestHead;

/** The server's side of one exchange of HTTP/1.1: a request and its response. */
final class Http1ServerExchange {

    private final ServerLoop run;
    private final Http1ServerConnection connection;
    private final RequestHead head;
    private final Http1ResponseSender sender;
    private final Http1RequestSource body;
    private final long begun;

    Http1ServerExchange(ServerLoop run, Http1ServerConnection connection, RequestHead head,
            Http1ResponseSender sender) {
        this.run = run;
        this.connection = connection;
        this.head = head;
        this.sender = sender;
        this.body = new Http1RequestSource(run, connection, head);
        this.begun = run.meter().begun();
        sender.begin();
        connection.exchange(this);
    }

    /** Answers the request; true if the connection goes on. */
    boolean run() {
        Response response = RequestDispatcher.answer(run, head, body);
        if (response.body() instanceof ResponseBody.Upgraded upgraded) {
            ServerUpgrade.sendHead(run, connection, response);
            sender.switched();
            ended();
            connection.switchTo(upgraded.next());
            return false;
        }
        connection.responding();
        boolean keep = head.keepAlive()
                && connection.mayKeep()
                && body.canBeSkipped(response.body() instanceof ResponseBody.Streamed)
                && !RequestHead.listHas(response.headers(), "Connection", "close");
        keep = sender.send(head, response, keep);
        ended();
        body.close();
        connection.responded();
        keep = keep && body.skip();
        if (!keep && (head.keepAlive() || !body.isEnded())) {
            connection.lingerAtEnd(!body.isEnded());
        }
        return keep;
    }

    boolean isHead() {
        return head.method().equals("HEAD");
    }

    /** The response is sent, or never will be. */
    void ended() {
        connection.exchange(null);
        run.meter().ended(head, connection.stream(), sender.status(), sender.bodyBytes(), begun);
    }
}
