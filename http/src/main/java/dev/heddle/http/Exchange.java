package dev.heddle.http;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;

/** One request and its response. */
final class Exchange {

    private final ServerRun run;
    private final ServerConnection connection;
    private final RequestHead head;
    private final ResponseSender sender;
    private final RequestBody body;

    Exchange(ServerRun run, ServerConnection connection, RequestHead head, ResponseSender sender) {
        this.run = run;
        this.connection = connection;
        this.head = head;
        this.sender = sender;
        this.body = new RequestBody(run, connection, head);
    }

    /** Answers the request; true if the connection goes on. */
    boolean run() {
        Response response = answer();
        connection.responding();
        boolean keep = head.keepAlive()
                && connection.mayKeep()
                && body.canBeSkipped()
                && !RequestHead.listHas(response.headers(), "Connection", "close");
        keep = sender.send(head, response, keep);
        body.close();
        connection.responded();
        keep = keep && body.skip();
        if (!keep && (head.keepAlive() || !body.isEnded())) {
            connection.lingerAtEnd();
        }
        return keep;
    }

    private Response answer() {
        if (head.bodyLength() > run.limits().maxBodyBytes()) {
            return error(413, "the body is longer than " + run.limits().maxBodyBytes() + " bytes");
        }
        var request = new Request(head, body, connection.stream());
        try {
            Response response = run.router().handle(request);
            if (response != null) {
                return response;
            }
            throw new IllegalStateException("the handler returned null");
        } catch (CancelledException e) {
            throw e;
        } catch (StatusException e) {
            return error(e);
        } catch (Throwable e) {
            if (body.isLost()) {
                throw new ClosedException("the peer is gone", e);
            }
            if (e instanceof InterruptedException) {
                // How blocking code of the JDK hears of the cancel of its scope.
                CancelScope.throwIfCancelled();
            }
            ServerLog.handlerFailed(head, e);
            return error(500, StatusLines.phrase(500));
        }
    }

    /** What the peer gets for an exception that names its status. */
    static Response error(StatusException e) {
        return error(e.status(), e.text());
    }

    /** What the peer gets for an error: the message as text. */
    static Response error(int status, String message) {
        return Response.text(message + "\n").withStatus(status);
    }
}
