package dev.heddle.http.server;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.QueryTypes;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.server.DisconnectWatch;
import dev.heddle.http.server.RouteOptions.OnDisconnect;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A handler under the options of its route; innermost, inside all middleware. One for each server, shared by its loops.
 */
final class RouteHandler implements Handler {

    private static final Headers RETRY_SOON = Headers.of("Retry-After", "1");

    private final Handler handler;
    private final RouteOptions options;
    private final AtomicInteger running = new AtomicInteger();

    RouteHandler(Handler handler, RouteOptions options) {
        this.handler = handler;
        this.options = options;
    }

    @Override
    public Response handle(Request request) throws Exception {
        request.body().checkLimit();
        if (!options.acceptQuery().isEmpty() && request.method().equals("QUERY")) {
            Headers told = QueryTypes.check(request.headers(), options.acceptQuery());
            Response response = counted(request);
            return response.withOnlyHeaders(response.headers().with(told));
        }
        return counted(request);
    }

    private Response counted(Request request) throws Exception {
        if (options.maxConcurrent() == Integer.MAX_VALUE) {
            return inTime(request);
        }
        try {
            if (running.incrementAndGet() > options.maxConcurrent()) {
                throw new StatusException(503, StatusLines.phrase(503), RETRY_SOON);
            }
            return inTime(request);
        } finally {
            running.decrementAndGet();
        }
    }

    private Response inTime(Request request) throws Exception {
        if (!options.hasDeadline()) {
            return watched(request);
        }
        var cut = new AtomicReference<@Nullable Throwable>();
        Optional<Response> response = CancelScope.open(scope -> {
            scope.deadlineAfter(options.deadline());
            try {
                return watched(request);
            } catch (Throwable e) {
                cut.set(e);
                throw e;
            }
        });
        if (response.isEmpty()) {
            ServerLog.handlerLate(request, options.deadline(), cut.get());
            throw new StatusException(503, StatusLines.phrase(503), RETRY_SOON);
        }
        return response.get();
    }

    private Response watched(Request request) throws Exception {
        if (options.onDisconnect() == OnDisconnect.SHIELD) {
            return handler.handle(request);
        }
        Optional<Response> response = CancelScope.open(scope -> {
            var watch = new DisconnectWatch(request.source(), scope);
            request.body().watch(watch);
            try {
                return handler.handle(request);
            } finally {
                watch.end();
            }
        });
        return response.orElseThrow(() -> new ClosedException("the peer is gone"));
    }
}
