package dev.heddle.http.gateway;

import dev.heddle.Heddle;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.internal.Checks;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The servers that answer behind a gateway, alike to each other, and what each of them may get at once.
 *
 * <pre>{@code
 * Upstreams.of("http://10.0.0.1:8080", "http://10.0.0.2:8080").withMaxInFlight(200).withMaxWaiting(50)
 * }</pre>
 *
 * <p>Of two drawn by lot, the one with fewer requests in flight gets the next (M. Mitzenmacher, The Power of Two
 * Choices in Randomized Load Balancing, 2001). One whose {@link CircuitBreaker} is open gets none but its trials; one
 * whose waiting line is full is passed over.
 *
 * <p>{@link #withHealthCheck} adds checks beside the requests: an upstream that fails them gets none, whatever its
 * breaker says, and a check that passes ends the pause of an open breaker. When all fail them, requests go to all
 * as if there were no checks, since that tells more of the checks than of the servers, and breakers still guard those.
 *
 * <p>Last resort: before a request fails for want of an upstream, those of several that fail their checks are tried, and
 * those with open breakers have their trials at once, so that one that is back in a rolling restart is found when the
 * other goes.
 *
 * <p>Threads: any. Each {@code with} gives new upstreams, with counts of their own; the loops of a process share them.
 */
public final class Upstreams {

    /** Enough for what one loop passes on, and about what Envoy has. */
    private static final int PLACES = 1_000;

    private final List<String> urls;
    private final int maxInFlight;
    private final int maxWaiting;
    private final Duration maxWait;
    private final CircuitBreakerOptions breaker;
    private final @Nullable ActiveHealthCheck check;
    private final ReentrantLock lock = new ReentrantLock();

    /** Made when they are needed: settings alone have no breakers that would show in reports. Written under the lock. */
    private volatile @Nullable Made made;

    /**
     * What the settings have led to.
     *
     * @param checks null if there are none
     */
    private record Made(List<Upstream> all, @Nullable HealthChecks checks) {}

    private Upstreams(
            List<String> urls, int maxInFlight, int maxWaiting, Duration maxWait, CircuitBreakerOptions breaker,
            @Nullable ActiveHealthCheck check) {
        this.urls = urls;
        this.maxInFlight = maxInFlight;
        this.maxWaiting = maxWaiting;
        this.maxWait = maxWait;
        this.breaker = breaker;
        this.check = check;
    }

    /**
     * Servers with 1,000 requests in flight each, 1,000 more that wait for up to 5 s, and a breaker of {@link
     * CircuitBreakerOptions#DEFAULT}. It is logged once of each if there are more.
     *
     * @param urls http or https, a host and maybe a port, no more; at least one, each once
     * @throws IllegalArgumentException if one is something else
     */
    public static Upstreams of(String... urls) {
        if (urls.length == 0) {
            throw new IllegalArgumentException("a gateway needs at least one upstream");
        }
        var origins = new ArrayList<String>();
        var seen = new HashSet<String>();
        for (String url : urls) {
            String origin = origin(url);
            if (!seen.add(origin)) {
                throw new IllegalArgumentException("the upstream " + origin + " is named twice");
            }
            origins.add(origin);
        }
        return new Upstreams(List.copyOf(origins), PLACES, PLACES, Duration.ofSeconds(5),
                CircuitBreakerOptions.DEFAULT, null);
    }

    private static String origin(String url) {
        ClientUrl parsed = ClientUrl.parse(url);
        String origin = parsed.origin().toString();
        if (!parsed.target().equals("/") || url.endsWith("?") || url.indexOf('#') >= 0) {
            throw new IllegalArgumentException("the upstream " + origin + " has more than a host and a port");
        }
        return origin;
    }

    /**
     * The same with other bounds of the requests in flight.
     *
     * @param most of each upstream, at least 1
     */
    public Upstreams withMaxInFlight(int most) {
        Checks.atLeast("maxInFlight", most, 1);
        return new Upstreams(urls, most, maxWaiting, maxWait, breaker, check);
    }

    /**
     * The same with other bounds of the waiting lines; who finds no room there gets 503.
     *
     * @param most of each upstream, 0 for no line
     */
    public Upstreams withMaxWaiting(int most) {
        Checks.atLeast("maxWaiting", most, 0);
        return new Upstreams(urls, maxInFlight, most, maxWait, breaker, check);
    }

    /**
     * The same with another longest wait in a line; then it is 503.
     *
     * @param most longer than zero
     */
    public Upstreams withMaxWait(Duration most) {
        Checks.positive("maxWait", most);
        return new Upstreams(urls, maxInFlight, maxWaiting, most, breaker, check);
    }

    /**
     * The same with other breakers, one for each upstream. They see what went wrong with an upstream before the head of
     * its response, and an answer of 502, 503 or 504 as a {@link dev.heddle.http.StatusException}.
     */
    public Upstreams withBreaker(CircuitBreakerOptions settings) {
        return new Upstreams(urls, maxInFlight, maxWaiting, maxWait, Objects.requireNonNull(settings), check);
    }

    /** The same with health checks, of which there are none if nothing is said. */
    public Upstreams withHealthCheck(ActiveHealthCheck of) {
        return new Upstreams(urls, maxInFlight, maxWaiting, maxWait, breaker, Objects.requireNonNull(of));
    }

    /** What each of them does, in the order they were named. Any thread. */
    public List<UpstreamStatistics> statistics() {
        return made().all().stream().map(Upstream::statistics).toList();
    }

    private Made made() {
        Made known = made;
        return known == null ? make() : known;
    }

    private Made make() {
        lock.lock();
        try {
            Made known = made;
            if (known == null) {
                List<Upstream> all = urls.stream().map(this::upstream).toList();
                known = new Made(all, check == null ? null : new HealthChecks(check, all));
                made = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private Upstream upstream(String url) {
        Predicate<? super Exception> failures = breaker.failures();
        CircuitBreakerOptions ofUpstream = breaker
                .withFailures(failure -> ProxiedRequest.isOfUpstream(failure) && failures.test(failure));
        return new Upstream(
                url, new PlaceLine(maxInFlight, maxWaiting, maxWait), CircuitBreaker.of(url, ofUpstream));
    }

    /** The most requests that all of them have at once, and a check of each. */
    int maxConnections() {
        return (int) Math.min(Integer.MAX_VALUE, (maxInFlight + (check == null ? 0L : 1)) * urls.size());
    }

    /** Has them checked, if they are to be and nobody does it. In a task. */
    void beginChecks(GatewayClient by) {
        if (check != null) {
            HealthChecks checks = made().checks();
            if (checks != null) {
                checks.begin(by);
            }
        }
    }

    void endChecks(GatewayClient by) {
        Made known = made;
        if (known != null && known.checks() != null) {
            known.checks().end(by);
        }
    }

    /** Whether it is to get no requests, since checks of it fail and not those of another that is not yet tried. */
    boolean isAvoided(Upstream upstream, Set<Upstream> tried) {
        return !upstream.isHealthy()
                && made().all().stream().anyMatch(other -> other.isHealthy() && !tried.contains(other));
    }

    /** Has those that are left alone try at once whether they work. False: there are none, or no others beside one. */
    boolean endPauses(Set<Upstream> leftAlone) {
        if (leftAlone.isEmpty() || urls.size() == 1) {
            return false;
        }
        leftAlone.forEach(upstream -> upstream.breaker.endPause());
        return true;
    }

    /** All but the unhealthy; all if there are no others. */
    private List<Upstream> usable() {
        List<Upstream> all = made().all();
        int healthy = 0;
        for (Upstream upstream : all) {
            healthy += upstream.isHealthy() ? 1 : 0;
        }
        return healthy == 0 || healthy == all.size() ? all : all.stream().filter(Upstream::isHealthy).toList();
    }

    private static List<Upstream> without(Set<Upstream> tried, List<Upstream> all) {
        return tried.isEmpty() ? all : all.stream().filter(each -> !tried.contains(each)).toList();
    }

    /** One that has not been tried, an unhealthy one at last; null if all have. */
    @Nullable Upstream choose(Set<Upstream> tried) {
        List<Upstream> left = without(tried, usable());
        left = left.isEmpty() ? without(tried, made().all()) : left;
        if (left.size() < 2) {
            return left.isEmpty() ? null : left.getFirst();
        }
        long random = Heddle.currentLoop().engine().random();
        int first = (int) Math.floorMod(random, (long) left.size());
        int second = (int) Math.floorMod(random >>> 32, (long) left.size() - 1);
        Upstream a = left.get(first);
        Upstream b = left.get(second < first ? second : second + 1);
        return b.load() < a.load() ? b : a;
    }

    @Override
    public String toString() {
        return "Upstreams" + urls;
    }
}
