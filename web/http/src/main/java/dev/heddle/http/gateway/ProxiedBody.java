package dev.heddle.http.gateway;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.server.Request;
import dev.heddle.sync.Event;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way up through a gateway, piece by piece, in a task of the client's that may go on while
 * the response comes down. It also knows when the client has gone: while a body comes its reading tells, and behind it
 * a watch.
 *
 * <pre>
 *   WAITING ──first piece──▶ BEGUN ──its end──▶ ENDED
 *                              └──the client breaks off, is late, or sends too much──▶ FAILED
 * </pre>
 *
 * <p>Owned by the tasks of one request.
 */
final class ProxiedBody {

    private static final int COPY_BYTES = 64 * 1024;

    /** Work that ends within it goes on though its client has gone. */
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final Request request;

    /** How long an upstream may take for a piece. */
    private final Duration patience;

    /** Set when it has ended; null if the request has none. */
    private final @Nullable Event ended;

    private boolean begun;
    private @Nullable RuntimeException failure;

    /** What watches the client; null while nothing does. */
    private @Nullable Task<Void> watch;

    ProxiedBody(Request request, Duration patience) {
        OptionalLong length = request.contentLength();
        this.request = request;
        this.patience = patience;
        this.ended = length.isEmpty() || length.getAsLong() > 0 ? Event.named("the end of the body") : null;
    }

    /** Whether the request has one. */
    boolean exists() {
        return ended != null;
    }

    /** Whether a piece was taken from the client, which is then no more to be had for another try. */
    boolean hasBegun() {
        return begun;
    }

    /** What the client has done to it; null if nothing. */
    @Nullable RuntimeException failure() {
        return failure;
    }

    /** Has a request to an upstream take it along, and answer while it comes. */
    void goWith(ClientRequest outgoing) {
        if (ended == null) {
            return;
        }
        long length = request.contentLength().orElse(-1);
        outgoing.bodyOnce(length, out -> copy(out, ended)).duplex();
        if (length < 0) {
            outgoing.trailers(() -> PassedHead.ofTrailers(request.trailers()));
        }
        if (request.headers().contains("Expect")) {
            outgoing.expectContinue();
        }
    }

    private void copy(OutputStream out, Event atEnd) throws Exception {
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, request.contentLength().orElse(COPY_BYTES))];
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            int count = n;
            // The server bounds how long its client takes; this is for an upstream that reads no more.
            Heddle.timeout(patience, () -> {
                out.write(buffer, 0, count);
                out.flush();
            });
        }
        atEnd.set();
    }

    private int read(byte[] buffer) {
        try {
            int count = request.read(buffer);
            begun |= count > 0;
            return count;
        } catch (CancelledException e) {
            throw e;
        } catch (BrokenException e) {
            throw failed(new StatusException(400, "the body ended early"));
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    private RuntimeException failed(RuntimeException e) {
        failure = e;
        return e;
    }

    /**
     * Runs a task's work that is cancelled when the client goes behind its body; then there is no result. Who is quick
     * needs no watch, which is a task: it begins when the work has lasted for a moment.
     */
    <T> Optional<T> whileClientIsThere(Callable<T> work) {
        return CancelScope.open(scope -> {
            Loop loop = Heddle.currentLoop();
            Handle begin = loop.callLater(MOMENT, () -> {
                watch = loop.spawn("watch " + request.remoteAddress(), () -> watch(scope));
            });
            try {
                return work.call();
            } finally {
                begin.cancel();
                endWatch();
            }
        });
    }

    private void watch(CancelScope scope) {
        if (ended != null) {
            ended.await();
        }
        request.awaitDisconnect();
        scope.cancel("the client has gone");
    }

    private void endWatch() {
        Task<Void> begun = watch;
        watch = null;
        if (begun != null) {
            begun.cancel();
            Heddle.shield(() -> {
                begun.awaitOutcome();
            });
        }
    }
}
