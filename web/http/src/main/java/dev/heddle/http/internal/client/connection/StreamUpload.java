package dev.heddle.http.internal.client.connection;

import dev.heddle.ClosedException;
import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The sending of a request body on a stream of its own. */
record StreamUpload(ClientStream answer, CallContext call, ClientBody body) {

    /** Sends all and waits for the answer, as {@link BodyUpload#run}. */
    ReplyHead run() {
        BodyUpload.run(call, this::send, () -> answer.awaitHead(call).status(), () -> {});
        return answer.awaitHead(call);
    }

    /** Sends all and waits for the head of the answer, as {@link DuplexUpload#run}. */
    @Nullable DuplexUpload runDuplex(RequestHop hop) {
        return DuplexUpload.run(
                call, hop, this::send, () -> answer.awaitHead(call).status(), () -> {});
    }

    /** Sends a body that is in memory, in the calling task. */
    void send(byte[] bytes) {
        try {
            answer.send(ByteBuffer.wrap(bytes), true);
        } catch (ClosedException e) {
            // The answer may have come before the stream was lost; who reads it decides.
            if (!answer.isLost()) {
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
                var out = new StreamRequestOutput(answer, written.length());
                BodyUpload.write(written, out);
                out.finish(written.trailers());
            } catch (ClosedException e) {
                if (!answer.isLost()) {
                    throw e;
                }
            }
            sent();
        }
    }

    private void sent() {
        call.trace().tell(RequestTracer::bodySent);
        call.deadline().bodySent();
    }
}
