package dev.heddle.http.gateway;

import dev.heddle.Backoff;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The active health check of a gateway's upstreams: a GET now and then, beside the requests.
 *
 * <pre>{@code
 * Upstreams.of("http://10.0.0.1:8080", "http://10.0.0.2:8080").withHealthCheck(ActiveHealthCheck.of("/readyz"))
 * }</pre>
 *
 * <p>The first check of an upstream counts alone; later it takes some in a row to change what is known. An answer in
 * time that is accepted is a success, everything else a failure.
 *
 * <p>Threads: immutable.
 */
public final class ActiveHealthCheck {

    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);
    private static final Duration MAX_TIME = Duration.ofDays(1);

    private final String path;
    private final Duration interval;
    private final double jitter;
    private final Duration timeout;
    private final int healthyAfter;
    private final int unhealthyAfter;
    private final Predicate<? super Reply> accepted;

    private ActiveHealthCheck(String path, Duration interval, double jitter, Duration timeout, int healthyAfter,
            int unhealthyAfter, Predicate<? super Reply> accepted) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path of a health check begins with a slash");
        }
        ClientUrl.parse("http://upstream" + path);
        if (interval.compareTo(MIN_INTERVAL) < 0) {
            throw new IllegalArgumentException("interval is " + interval + ", must be at least " + MIN_INTERVAL);
        }
        Checks.atMost("interval", interval, MAX_TIME);
        Checks.fraction("jitter", jitter, 1);
        Checks.positive("timeout", timeout);
        Checks.atMost("timeout", timeout, MAX_TIME);
        Checks.atLeast("healthyAfter", healthyAfter, 1);
        Checks.atLeast("unhealthyAfter", unhealthyAfter, 1);
        Objects.requireNonNull(accepted);
        this.path = path;
        this.interval = interval;
        this.jitter = jitter;
        this.timeout = timeout;
        this.healthyAfter = healthyAfter;
        this.unhealthyAfter = unhealthyAfter;
        this.accepted = accepted;
    }

    /** What is asked for, with its query if there is one; begins with a slash. */
    public String path() {
        return path;
    }

    /** The longest pause between the end of a check and the next, 10 ms to a day. */
    public Duration interval() {
        return interval;
    }

    /** How much of a pause is random, 0 to 1, so that the gateways of one upstream do not ask in step. */
    public double jitter() {
        return jitter;
    }

    /** How long a check may take, until the answer is accepted; at most a day. */
    public Duration timeout() {
        return timeout;
    }

    /** So many successes in a row end the failing, at least 1. */
    public int healthyAfter() {
        return healthyAfter;
    }

    /** So many failures in a row make an upstream unhealthy, at least 1. */
    public int unhealthyAfter() {
        return unhealthyAfter;
    }

    /**
     * Whether an answer says that all is well; may read the body. What it throws is a failure. Called in a task of the
     * gateway.
     */
    public Predicate<? super Reply> accepted() {
        return accepted;
    }

    /**
     * A check every 5 s, a tenth of that random, which takes 2 s at most and wants a status of 200 to 299; three
     * failures in a row make an upstream unhealthy, two successes healthy again.
     */
    public static ActiveHealthCheck of(String path) {
        return new ActiveHealthCheck(path, Duration.ofSeconds(5), 0.1, Duration.ofSeconds(2), 2, 3, Reply::isSuccess);
    }

    /** The same with other pauses. */
    public ActiveHealthCheck withInterval(Duration longest) {
        return new ActiveHealthCheck(path, longest, jitter, timeout, healthyAfter, unhealthyAfter, accepted);
    }

    /** The same where another part of each pause is random. */
    public ActiveHealthCheck withJitter(double part) {
        return new ActiveHealthCheck(path, interval, part, timeout, healthyAfter, unhealthyAfter, accepted);
    }

    /** The same with another time for each check. */
    public ActiveHealthCheck withTimeout(Duration most) {
        return new ActiveHealthCheck(path, interval, jitter, most, healthyAfter, unhealthyAfter, accepted);
    }

    /** The same with another number of checks in a row that must succeed until it is healthy. */
    public ActiveHealthCheck withHealthyAfter(int healthyAfter) {
        return new ActiveHealthCheck(path, interval, jitter, timeout, healthyAfter, unhealthyAfter, accepted);
    }

    /** The same with another number of checks in a row that must fail until it is not. */
    public ActiveHealthCheck withUnhealthyAfter(int unhealthyAfter) {
        return new ActiveHealthCheck(path, interval, jitter, timeout, healthyAfter, unhealthyAfter, accepted);
    }

    /** The same where other answers say that all is well. */
    public ActiveHealthCheck withAccepted(Predicate<? super Reply> which) {
        return new ActiveHealthCheck(path, interval, jitter, timeout, healthyAfter, unhealthyAfter, which);
    }

    /** The pauses between two checks. */
    Backoff pauses() {
        return new Backoff(interval, interval, jitter);
    }

    @Override
    public String toString() {
        return "ActiveHealthCheck[path=" + path + ", interval=" + interval + ", jitter=" + jitter + ", timeout="
                + timeout + ", healthyAfter=" + healthyAfter + ", unhealthyAfter=" + unhealthyAfter + ", accepted="
                + accepted + "]";
    }
}
