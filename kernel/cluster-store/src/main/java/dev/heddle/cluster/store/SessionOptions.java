package dev.heddle.cluster.store;

import java.time.Duration;
import java.util.Objects;

/**
 * The options with which a session is opened.
 */
public final class SessionOptions {

    /** Ten seconds, as ZooKeeper's own tools ask for. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final String cluster;
    private final Duration timeout;

    /** Checks the arguments. */
    private SessionOptions(String cluster, Duration timeout) {
        Key.requireName(cluster);
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("a session's timeout is between 100 ms and 1 h, not " + timeout);
        }
        this.cluster = cluster;
        this.timeout = timeout;
    }

    /** The name of the cluster, a name as of {@link Key}; clusters of different names share nothing. */
    public String cluster() {
        return cluster;
    }

    /** For how long a store that hears nothing of the session keeps it, as asked for; the store may choose another. */
    public Duration timeout() {
        return timeout;
    }

    /** The usual timeout. */
    public static SessionOptions of(String cluster) {
        return new SessionOptions(cluster, DEFAULT_TIMEOUT);
    }

    /** Another timeout. */
    public SessionOptions withTimeout(Duration timeout) {
        return new SessionOptions(cluster, timeout);
    }

    @Override
    public String toString() {
        return "SessionOptions[cluster=" + cluster + ", timeout=" + timeout + "]";
    }
}
