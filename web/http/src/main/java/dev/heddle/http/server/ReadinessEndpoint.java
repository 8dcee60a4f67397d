package dev.heddle.http.server;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The endpoint that says whether the server wants requests: 200 or 503, with a line for each check. */
record ReadinessEndpoint(List<HealthCheck> checks) implements Handler {

    /** For those who ask whether the server runs at all. */
    static final Handler ALIVE = request -> fresh(Response.text("ok\n"));

    /** The checks cost something, and anybody may ask. */
    static final RouteOptions OPTIONS = RouteOptions.DEFAULT.withMaxConcurrent(8);

    @Override
    public Response handle(Request request) {
        if (request.settings().isDraining()) {
            return fresh(Response.text("stopping\n").withStatus(503));
        }
        if (checks.isEmpty()) {
            return fresh(Response.text("ok\n"));
        }
        List<Boolean> passed = Heddle.map(checks, checks.size(), ReadinessEndpoint::passes);
        var lines = new StringBuilder();
        for (int i = 0; i < checks.size(); i++) {
            lines.append(checks.get(i).name()).append(passed.get(i) ? ": ok\n" : ": failed\n");
        }
        return fresh(Response.text(lines.toString()).withStatus(passed.contains(false) ? 503 : 200));
    }

    private static boolean passes(HealthCheck check) {
        try {
            var cut = new AtomicReference<@Nullable Throwable>();
            boolean done = Heddle.moveOnAfter(check.deadline(), () -> {
                try {
                    check.body().run();
                } catch (Throwable e) {
                    cut.set(e);
                    throw e;
                }
            });
            if (done) {
                return true;
            }
            ServerLog.checkLate(check.name(), check.deadline(), cut.get());
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            ServerLog.checkFailed(check.name(), e);
        }
        return false;
    }

    private static Response fresh(Response response) {
        return response.withHeader("Cache-Control", "no-store");
    }
}
