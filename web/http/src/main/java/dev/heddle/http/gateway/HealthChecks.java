package dev.heddle.http.gateway;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The active checks of the upstreams of a gateway: one task of a loop, and in it one for each upstream.
 *
 * <p>Of several gateways in front of the same upstreams one checks at a time. When it is closed, or its loop has ended,
 * what was known is forgotten, and the next request of another begins anew.
 *
 * <p>Threads: any.
 */
final class HealthChecks {

    /** Who checks, and by which task. */
    private record Run(GatewayClient by, Task<Void> task) {}

    private final ActiveHealthCheck check;
    private final List<Upstream> upstreams;
    private final Backoff pauses;
    private final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock. */
    private volatile @Nullable Run running;

    HealthChecks(ActiveHealthCheck check, List<Upstream> upstreams) {
        this.check = check;
        this.upstreams = upstreams;
        this.pauses = check.pauses();
    }

    /** Has the calling task's loop check, if nobody does. */
    void begin(GatewayClient by) {
        if (isRunning()) {
            return;
        }
        lock.lock();
        try {
            if (!isRunning() && !by.isClosed()) {
                running = new Run(by, Heddle.currentLoop().spawn("health checks", () -> checkAll(by.http())));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isRunning() {
        Run now = running;
        return now != null && !now.task().isDone();
    }

    /** Ends the checks of a gateway that is closed. Never waits for them. */
    void end(GatewayClient by) {
        lock.lock();
        try {
            Run now = running;
            if (now != null && now.by() == by) {
                running = null;
                now.task().cancel("the gateway is closed");
            }
        } finally {
            lock.unlock();
        }
    }

    private void checkAll(HttpClient http) {
        try {
            Heddle.group(group -> {
                for (Upstream upstream : upstreams) {
                    group.spawn("check " + upstream, () -> keepChecking(http, upstream));
                }
            });
        } finally {
            upstreams.forEach(upstream -> upstream.health.forget());
        }
    }

    private void keepChecking(HttpClient http, Upstream upstream) {
        long sinceNanos = 0;
        while (true) {
            Exception failure;
            try {
                failure = check(http, upstream);
            } catch (ClosedException e) {
                return; // by whoever owns the client
            }
            if (failure == null) {
                upstream.breaker.endPause();
            }
            if (upstream.health.checked(failure == null, check)) {
                long now = Heddle.currentLoop().nanoTime();
                if (failure != null) {
                    GatewayLog.unhealthy(upstream, failure, upstreams);
                } else if (sinceNanos != 0) {
                    GatewayLog.healthy(upstream, Duration.ofNanos(now - sinceNanos));
                }
                sinceNanos = now;
            }
            Heddle.sleep(pauses.delay(1));
        }
    }

    /**
     * Why an upstream is not well; null if it is.
     *
     * @throws ClosedException if the client is closed, which says nothing of an upstream
     */
    private @Nullable Exception check(HttpClient http, Upstream upstream) {
        try {
            return Heddle.timeout(check.timeout(), () -> {
                try (Reply reply = http.request("GET", upstream.url + check.path()).followRedirects(false).send()) {
                    return judged(reply);
                }
            });
        } catch (ClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            CancelScope.throwIfCancelled();
            return e;
        }
    }

    private @Nullable Exception judged(Reply reply) {
        try {
            return check.accepted().test(reply) ? null : new BrokenException("it answers " + reply.status());
        } catch (RuntimeException e) {
            CancelScope.throwIfCancelled();
            return e;
        }
    }
}
