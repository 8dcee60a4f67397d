package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sending of a request body in a task of its own while the request's task listens: a server that refuses a large
 * body may say so and read no more of it, and one that answers while it reads must not wait for us.
 */
final class Http1Upload {

    private final Http1ClientConnection connection;
    private final CallDeadline clock;
    private final ClientBody body;
    private final RequestTrace trace;
    private @Nullable BrokenException broken;

    Http1Upload(Http1ClientConnection connection, CallDeadline clock, ClientBody body, RequestTrace trace) {
        this.connection = connection;
        this.clock = clock;
        this.body = body;
        this.trace = trace;
    }

    /** What the request's task does meanwhile. */
    interface Listening {

        /** Reads the head of the real response; returns its status. */
        int awaitFinalHead();
    }

    /**
     * Sends all and waits for the answer. If that is a refusal, the rest of the body stays unsent.
     *
     * @param head goes before the body; maybe empty
     * @throws TaskFailedException if the writer of the body throws a checked exception
     */
    void run(ByteBuffer head, Listening listening) {
        clock.enter(Phase.SEND);
        try {
            Heddle.group(group -> {
                Task<Void> sending = group.spawn("request body", () -> send(head));
                int status = listening.awaitFinalHead();
                if (!sending.isDone() && status >= 300) {
                    connection.spoil();
                    sending.cancel("the server answered " + status);
                }
            });
        } catch (GroupException e) {
            throw ClientErrors.first(e);
        }
        if (broken != null) {
            connection.spoil();
        }
    }

    private void send(ByteBuffer head) throws Exception {
        try {
            ByteStream stream = connection.stream();
            boolean withHead = head.hasRemaining();
            switch (body) {
                case ClientBody.None none -> stream.write(head);
                case ClientBody.Bytes memory -> stream.write(head, ByteBuffer.wrap(memory.bytes()));
                case ClientBody.Written written -> {
                    stream.write(head);
                    if (withHead) {
                        trace.headSent();
                        withHead = false;
                    }
                    write(written, new Http1RequestOutput(stream, written.length()));
                }
            }
            if (withHead) {
                trace.headSent();
            }
            trace.bodySent();
            clock.enter(Phase.HEAD);
        } catch (BrokenException e) {
            // The answer may have come before the connection broke; who reads it decides, and need not wait for ever.
            broken = e;
            clock.enter(Phase.HEAD);
        }
    }

    /** What the connection fails with comes out as it is, whatever the writer made of it. */
    private static void write(ClientBody.Written body, Http1RequestOutput out) throws Exception {
        try {
            ClientErrors.write(body, out);
            out.finish();
        } catch (Exception e) {
            BrokenException connection = out.broken();
            throw connection == null ? e : connection;
        }
    }
}
