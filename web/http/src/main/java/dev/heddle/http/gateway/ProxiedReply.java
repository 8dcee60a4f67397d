package dev.heddle.http.gateway;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskFailedException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.codec.PieceOutput;
import dev.heddle.http.internal.codec.ToldException;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.server.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reply of an upstream on its way down, from its head to the end of all that belongs to its request. Has the
 * upstream's place until then. Owned by the task of the response.
 *
 * <pre>
 *   head ──▶ body, piece by piece ──▶ whole ──▶ the rest of the request, if the upstream takes it ──▶ place given back
 *              └──either side breaks off──▶ the other is cut off ──▶ place given back
 * </pre>
 */
final class ProxiedReply {

    private final Upstream upstream;
    private final Reply reply;
    private final ProxiedBody body;
    private final long length;
    private final boolean isBodyless;

    /** Whether all of it has been passed on. */
    private boolean isWhole;

    /** Whether some of it may have been, so that no other status can be told. */
    private boolean isBegun;

    /**
     * @param body of the request
     */
    ProxiedReply(Upstream upstream, Reply reply, ProxiedBody body) {
        int status = reply.status();
        if (status > 599) {
            throw new BadReplyException("the status " + status + " has no meaning");
        }
        this.upstream = upstream;
        this.reply = reply;
        this.body = body;
        this.isBodyless = status == 204 || status == 205 || status == 304;
        this.isWhole = isBodyless;
        this.length = isBodyless ? 0 : length(reply);
    }

    /** What the head says; its reader has held it to be the only word about the length. */
    private static long length(Reply reply) {
        String length = reply.headers().first("Content-Length");
        return length == null || reply.headers().contains("Transfer-Encoding") ? -1 : FieldSyntax.length(length);
    }

    /** The response for the client. */
    Response response() {
        Headers passed = PassedHead.ofReply(reply.headers(), reply.version());
        if (isBodyless && !body.exists()) {
            reply.close();
            upstream.places.leave();
            return Response.empty(reply.status()).withHeaders(passed);
        }
        Response response = Response.stream(reply.status(), passed, length, this::copy);
        // The fields behind the body that may stand there.
        response = length < 0 ? response.withTrailers(() -> reply.trailers().endToEnd()) : response;
        return response.onEnd(this::end);
    }

    private void copy(OutputStream out) throws IOException {
        if (isBodyless) {
            return;
        }
        // While nothing but the client is waited for, nobody has to watch it.
        if (!passArrived(out)) {
            Optional<Boolean> rest = body.whileClientIsThere(() -> {
                // The client may wait for the head before it says more.
                isBegun = true;
                out.flush();
                while (pass(out)) {
                    // The next piece.
                }
                return true;
            });
            if (rest.isEmpty()) {
                throw new ToldException("the client has gone");
            }
        }
        isWhole = true;
    }

    /** Passes on what is there; true if that was the end. */
    private boolean passArrived(OutputStream out) throws IOException {
        while (reply.hasArrived()) {
            if (!pass(out)) {
                return true;
            }
        }
        return false;
    }

    /** Passes a piece on, waiting for it if none is there; false at the end. */
    private boolean pass(OutputStream out) throws IOException {
        ByteBuffer piece = read();
        if (!piece.hasRemaining()) {
            return false;
        }
        isBegun = true;
        PieceOutput.write(out, piece);
        out.flush();
        return true;
    }

    private ByteBuffer read() {
        try {
            return reply.readPiece();
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            RuntimeException ofClient = body.failure();
            if (ofClient != null) {
                throw isBegun ? new ToldException("the client broke off") : ofClient;
            }
            HeddleException ofUpstream = ofUpstream(e);
            if (ofUpstream == null) {
                throw e;
            }
            GatewayLog.failed(upstream, ofUpstream);
            throw isBegun
                    ? new ToldException("the server behind this gateway broke off")
                    : ProxiedRequest.failed(ofUpstream);
        }
    }

    /** What an upstream has done, be it to the reply or to the request's body; null if it was not the upstream. */
    private static @Nullable HeddleException ofUpstream(RuntimeException e) {
        return switch (e) {
            case BrokenException broken -> broken;
            case BadReplyException bad -> bad;
            case DeadlineExceededException late -> late;
            case TaskFailedException sending when sending.getCause() instanceof RuntimeException cause ->
                ofUpstream(cause);
            default -> null;
        };
    }

    /**
     * The response is over. If it was passed on whole, what the client still sends goes on to an upstream that takes
     * it: such as answers before it has read all, and lets its connection stand.
     */
    private void end() {
        try {
            if (isWhole) {
                awaitSent();
            }
        } finally {
            reply.close();
            try {
                if (body.exists()) {
                    // Until nobody reads from the client any more.
                    Heddle.shield(this::awaitSent);
                }
            } finally {
                upstream.places.leave();
            }
        }
    }

    private void awaitSent() {
        try {
            reply.awaitSent();
        } catch (CancelledException e) {
            throw e;
        } catch (HeddleException e) {
            // The response has left, so nobody is to be told of what became of the rest.
        }
    }
}
