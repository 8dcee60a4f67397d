package dev.heddle.http.gateway;

import dev.heddle.sync.CircuitBreaker;
import java.util.concurrent.atomic.AtomicLong;

/** One server behind a gateway: its places, its breaker and its counts. Any thread. */
final class Upstream {

    final String url;
    final PlaceLine places;
    final CircuitBreaker breaker;
    final AtomicLong requests = new AtomicLong();
    final AtomicLong failures = new AtomicLong();

    Upstream(String url, PlaceLine places, CircuitBreaker breaker) {
        this.url = url;
        this.places = places;
        this.breaker = breaker;
    }

    /** Whether nobody is to wait in its line: it takes nobody at present. Whoever has a place asks the breaker itself. */
    boolean isLeftAlone() {
        return breaker.statistics().state() == CircuitBreaker.State.OPEN;
    }

    /** What it has to do, and will have. */
    int load() {
        return places.taken() + places.waiting();
    }

    UpstreamStatistics statistics() {
        return new UpstreamStatistics(url, places.taken(), places.waiting(), requests.get(), failures.get(),
                places.refused(), breaker.statistics());
    }

    @Override
    public String toString() {
        return url;
    }
}
