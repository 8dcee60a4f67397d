package dev.heddle.http.gateway;

import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerStatistics;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** One server behind a gateway: its places, its breaker, its health and its counts. Any thread. */
final class Upstream {

    private static final PartKind<Upstream> KIND = PartKind.<Upstream, UpstreamStatistics>of(
            "upstream", Upstream::statistics, Upstream::pressure).named(Upstream::toString);

    final String url;
    final PlaceLine places;
    final CircuitBreaker breaker;
    final UpstreamHealth health = new UpstreamHealth();
    final AtomicLong requests = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean toldFull = new AtomicBoolean();

    Upstream(String url, PlaceLine places, CircuitBreaker breaker) {
        this.url = url;
        this.places = places;
        this.breaker = breaker;
        Parts.add(KIND, this);
    }

    private static double pressure(Upstream upstream, UpstreamStatistics now) {
        return now.healthy() ? upstream.places.pressure() : 1;
    }

    /** Whether its checks have not found it to be unwell. */
    boolean isHealthy() {
        return health.state() != UpstreamHealth.State.UNHEALTHY;
    }

    /** Whether nobody is to wait in its line: it takes nobody at present. Whoever has a place asks the breaker itself. */
    boolean isLeftAlone() {
        return breaker.statistics().state() == CircuitBreaker.State.OPEN;
    }

    /** A request found no room, even to wait. */
    void wasFull() {
        if (toldFull.compareAndSet(false, true)) {
            GatewayLog.full(this);
        }
    }

    /** What it has to do, and will have. */
    int load() {
        return places.taken() + places.waiting();
    }

    UpstreamStatistics statistics() {
        return new Statistics(url, places.taken(), places.waiting(), requests.get(), failures.get(),
                places.refused(), isHealthy(), health.checks(), health.failures(), breaker.statistics());
    }

    @Override
    public String toString() {
        return url;
    }

    /** What the statistics are, at one moment. */
    record Statistics(String url, int inFlight, int waiting, @Counter long requests, @Counter long failures,
            @Counter long refused,
            boolean healthy, @Counter long checks, @Counter long failedChecks,
            CircuitBreakerStatistics breaker) implements UpstreamStatistics {}
}
