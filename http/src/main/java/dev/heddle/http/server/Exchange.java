package dev.heddle.http.server;

import dev.heddle.http.internal.codec.RequestHead;

/** One request of an HTTP/1 connection, and its response. */
final class Exchange {

    private final ServerRun run;
    private final ServerConnection connection;
    private final RequestHead head;
    private final ResponseSender sender;
    private final RequestBody body;
    private final long begun;

    Exchange(ServerRun run, ServerConnection connection, RequestHead head, ResponseSender sender) {
        this.run = run;
        this.connection = connection;
        this.head = head;
        this.sender = sender;
        this.body = new RequestBody(run, connection, head);
        this.begun = run.meter().begun();
        sender.begin();
        connection.exchange(this);
    }

    /** Answers the request; true if the connection goes on. */
    boolean run() {
        Response response = Answers.answer(run, head, body);
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
