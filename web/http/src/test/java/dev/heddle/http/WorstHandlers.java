package dev.heddle.http;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;

import dev.heddle.CancelledException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The worst handlers of one server: they swallow their cancel, compute, leave behind what they have opened, throw what cannot be
 * told. Each stands in its route as the guide has it: with a deadline, a bound of how many run, and what computes offloaded.
 */
public final class WorstHandlers {

    /** Most requests that swallow their cancel at once. */
    public static final int MAX_SWALLOWERS = 16;

    private static final Duration LONG = Duration.ofDays(1);
    private static final long SPIN_NANOS = 50_000_000;
    private static final RouteOptions IN_TIME = RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(1));

    private final HttpClient client;
    private final AtomicInteger leaks = new AtomicInteger();

    private WorstHandlers(HttpClient client) {
        this.client = client;
    }

    /**
     * Adds them: {@code /swallow/{ms}}, {@code /spin}, {@code /leak}, {@code /throw}.
     *
     * @param client asks the server itself for {@code /file}, and is never read
     */
    public static WorstHandlers in(HttpServer.Builder server, HttpClient client) {
        var worst = new WorstHandlers(client);
        server.get("/swallow/{ms:long}", IN_TIME.withMaxConcurrent(MAX_SWALLOWERS), WorstHandlers::swallow)
                .get("/spin", IN_TIME, request -> offload(WorstHandlers::spin))
                .get("/leak", IN_TIME, worst::leak)
                .get("/throw", request -> {
                    throw new Untold();
                });
        return worst;
    }

    /** How many replies nobody has read; each has its connection and its buffer until the loop ends. */
    public int unread() {
        return leaks.get() / 2;
    }

    /** Goes on for its time whatever it is told. */
    private static Response swallow(Request request) {
        long end = System.nanoTime() + request.pathLong("ms") * 1_000_000;
        while (System.nanoTime() < end) {
            try {
                sleep(LONG);
            } catch (CancelledException swallowed) {
                // The worst of handlers: it goes on.
            }
        }
        return Response.text("late");
    }

    private static Response spin() {
        long end = System.nanoTime() + SPIN_NANOS;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return Response.text("spun");
    }

    /** Leaves behind, by turns, a task that never ends and a reply that nobody reads. */
    private Response leak(Request request) {
        if (leaks.getAndIncrement() % 2 == 0) {
            spawn("left behind", () -> sleep(LONG));
        } else {
            client.get("http://" + request.localAddress() + "/file");
        }
        return Response.text("leaked");
    }

    /** A failure that fails when it is told. */
    private static final class Untold extends RuntimeException {

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }
}
