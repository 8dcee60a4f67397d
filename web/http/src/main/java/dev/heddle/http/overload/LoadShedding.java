package dev.heddle.http.overload;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Middleware that refuses the requests that a service cannot answer in time, so that it answers the others: a limit of
 * requests at the same time that adapts to how long they take.
 *
 * <pre>{@code
 * builder.use(LoadShedding.of(Duration.ofMillis(200)))
 * }</pre>
 *
 * <p>While nine of ten requests are answered within the goal, the limit grows, if all of it is used; when more than a
 * tenth take longer, it goes down by a sixth: {@code AdaptiveLimit} says by whose rules. Nobody has to know how many
 * requests a service can bear, and when its database becomes slow the limit follows. There is no queue: one request
 * more gets 503 at once, with {@code Retry-After} of 1 to 3 seconds, so that those who were refused together do not
 * come back together.
 *
 * <p>What counts is the time until the handler returns its response, without the waits for the request's body: slow
 * clients make no limit smaller. So put it around those routes that are to be quick, and not around long polls; what a
 * streamed response, an event stream or a WebSocket writes later takes no place. A request that fails or is cancelled
 * before the goal says nothing; one that does later was too slow. Where a route has a {@linkplain RouteOptions#deadline
 * deadline}, choose a shorter goal.
 *
 * <p>Requests with priority find a reserve above the limit: a quarter of it, at least eight. The server's own
 * {@linkplain Request#isHealthCheck health checks} have it, since a server that is restarted for being busy helps
 * nobody. {@link #withPriority} names others.
 *
 * <p>Threads: any; the loops of a server share the limit. Cancellation: a cancelled request gives its place back.
 *
 * <p>To test with it, ask through a test client in the simulator.
 */
public final class LoadShedding implements Middleware {

    private static final int MIN = 4;
    private static final int INITIAL = 32;
    private static final int MAX = 10_000;

    /** Retry-After is one to so many seconds. */
    private static final int SPREAD_SECONDS = 3;

    private static final Duration MAX_GOAL = Duration.ofHours(1);

    private final Duration goal;
    private final int least;
    private final int most;
    private final Predicate<? super Request> priority;
    private final ReentrantLock lock = new ReentrantLock();

    /** Made with the first request, whose loop has the clock. Guarded by the lock, as the counts are. */
    private @Nullable AdaptiveLimit limit;

    private long admitted;
    private long refused;

    private LoadShedding(Duration goal, int least, int most, Predicate<? super Request> priority) {
        this.goal = goal;
        this.least = least;
        this.most = most;
        this.priority = priority;
    }

    /**
     * Sheds what cannot be answered in time.
     *
     * @param goal how long nine of ten requests may take, up to an hour
     */
    public static LoadShedding of(Duration goal) {
        Checks.positive("goal", goal);
        Checks.atMost("goal", goal, MAX_GOAL);
        return new LoadShedding(goal, MIN, MAX, request -> false);
    }

    /**
     * The same with other bounds; a limit of its own.
     *
     * @param least so many may always be there, at least 1; 4 if nothing is said
     * @param most the limit never grows beyond, at least {@code least}; 10,000 if nothing is said
     */
    public LoadShedding withBounds(int least, int most) {
        Checks.atLeast("least", least, 1);
        Checks.inRange("most", most, least, 1_000_000);
        return new LoadShedding(goal, least, most, priority);
    }

    /**
     * The same where other requests have priority too; a limit of its own.
     *
     * @param other which ones, beside the server's health checks; runs in the task of the request, and must not wait
     */
    public LoadShedding withPriority(Predicate<? super Request> other) {
        return new LoadShedding(goal, least, most, Objects.requireNonNull(other));
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        boolean first = request.isHealthCheck() || priority.test(request);
        long start = Heddle.currentLoop().nanoTime();
        enter(first, start);
        long waited = request.waitedForBody().toNanos();
        boolean whole = false;
        try {
            Response response = next.handle(request);
            whole = response.status() < 500;
            return response;
        } finally {
            long now = Heddle.currentLoop().nanoTime();
            leave(start, now - start - (request.waitedForBody().toNanos() - waited), whole, now);
        }
    }

    private void enter(boolean first, long now) {
        long number;
        lock.lock();
        try {
            AdaptiveLimit known = limit;
            if (known == null) {
                int initial = Math.clamp(INITIAL, least, most);
                known = new AdaptiveLimit(initial, least, most, goal.toNanos(), now);
                limit = known;
            }
            if (known.enter(first)) {
                admitted++;
                return;
            }
            number = refused++;
        } finally {
            lock.unlock();
        }
        throw new StatusException(
                503,
                "too many requests at the same time",
                Headers.of("Retry-After", Long.toString(1 + number % SPREAD_SECONDS)));
    }

    private void leave(long start, long nanos, boolean whole, long now) {
        lock.lock();
        try {
            Objects.requireNonNull(limit).leave(start, nanos, whole, now);
        } finally {
            lock.unlock();
        }
    }

    /** How many there are, and how many were refused. */
    public LoadSheddingStatistics statistics() {
        lock.lock();
        try {
            AdaptiveLimit known = limit;
            return new Statistics(
                    known == null ? Math.clamp(INITIAL, least, most) : known.limit(),
                    known == null ? 0 : known.running(),
                    admitted,
                    refused);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        LoadSheddingStatistics now = statistics();
        return "LoadShedding[goal " + goal + ", " + now.running() + " of " + now.limit() + "]";
    }

    /** What the statistics are, at one moment. */
    record Statistics(int limit, int running, long admitted, long refused) implements LoadSheddingStatistics {}
}
