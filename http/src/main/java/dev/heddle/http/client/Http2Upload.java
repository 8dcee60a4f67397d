package dev.heddle.http.client;

import dev.heddle.ClosedException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.http2.Http2Writer;
import java.nio.ByteBuffer;

/**
 * The sending of a request body on a stream in a task of its own while the request's task listens: as {@link
 * Http1Upload} does over HTTP/1.1, and for the same reasons.
 */
final class Http2Upload {

    private final Http2Writer writer;
    private final Http2ClientStream answer;
    private final CallDeadline clock;
    private final ClientBody body;
    private final RequestTrace trace;

    Http2Upload(Http2Writer writer, Http2ClientStream answer, CallDeadline clock, ClientBody body, RequestTrace trace) {
        this.writer = writer;
        this.answer = answer;
        this.clock = clock;
        this.body = body;
        this.trace = trace;
    }

    /**
     * Sends all and waits for the answer. If that is a refusal, the rest of the body stays unsent.
     *
     * @throws TaskFailedException if the writer of the body throws a checked exception
     */
    ReplyHead run() {
        clock.enter(Phase.SEND);
        try {
            Heddle.group(group -> {
                Task<Void> sending = group.spawn("request body", () -> send());
                int status = answer.awaitHead(clock).status();
                if (!sending.isDone() && status >= 300) {
                    sending.cancel("the server answered " + status);
                }
            });
        } catch (GroupException e) {
            throw ClientErrors.first(e);
        }
        return answer.awaitHead(clock);
    }

    /** Sends a body that is in memory, in the calling task. */
    void send(byte[] bytes) {
        try {
            writer.data(answer.stream(), ByteBuffer.wrap(bytes), true, Http2ClientConnection.noLimit());
        } catch (ClosedException e) {
            // The answer may have come before the stream was lost; who reads it decides.
            if (!answer.stream().isLost()) {
                throw e;
            }
        }
        sent();
    }

    private void send() throws Exception {
        if (body instanceof ClientBody.Bytes memory) {
            send(memory.bytes());
        } else if (body instanceof ClientBody.Written written) {
            try {
                var out = new Http2RequestOutput(writer, answer.stream(), written.length());
                ClientErrors.write(written, out);
                out.finish();
            } catch (ClosedException e) {
                if (!answer.stream().isLost()) {
                    throw e;
                }
            }
            sent();
        }
    }

    private void sent() {
        trace.bodySent();
        clock.enter(Phase.HEAD);
    }
}
