package dev.heddle.net;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.FailureHandler;
import dev.heddle.GroupException;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Checks;
import dev.heddle.internal.ReportLog;
import dev.heddle.io.EndOfStreamException;
import java.time.Duration;

/**
 * The options of serving.
 */
public final class ServeOptions {

    private static final BoundedLog LOG = new BoundedLog(new ReportLog("dev.heddle.net", Listener.class));

    /**
     * 10,000 connections, from anywhere, rests of 5 ms to 1 s, failures to the {@link System.Logger} named {@code
     * dev.heddle.net}, at most 100 of a loop in 10 s: the rest is counted.
     */
    public static final ServeOptions DEFAULT = new ServeOptions(10_000,
            new Backoff(Duration.ofMillis(5), Duration.ofSeconds(1), 0), Integer.MAX_VALUE, ServeOptions::log);

    private final int maxConnections;
    private final Backoff backoff;
    private final int maxPerAddress;
    private final FailureHandler onFailure;

    private ServeOptions(int maxConnections, Backoff backoff, int maxPerAddress, FailureHandler onFailure) {
        Checks.atLeast("maxConnections", maxConnections, 1);
        Checks.atLeast("maxPerAddress", maxPerAddress, 1);
        Checks.positive("the first rest", backoff.first());
        this.maxConnections = maxConnections;
        this.backoff = backoff;
        this.maxPerAddress = maxPerAddress;
        this.onFailure = onFailure;
    }

    /** The most connections at the same time; while there are so many none is accepted; at least 1. */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * How long accepting rests after it failed, for instance because no descriptors are left; its first more than zero.
     */
    public Backoff backoff() {
        return backoff;
    }

    /**
     * The most connections at the same time from one address of a peer; one more is aborted at once, before its handler
     * runs; at least 1. All peers of a Unix socket count as one address.
     */
    public int maxPerAddress() {
        return maxPerAddress;
    }

    /** Hears of the failures that a server outlives, of handlers and of accepting, in the task where each happened. */
    public FailureHandler onFailure() {
        return onFailure;
    }

    /** These options with another bound of connections. */
    public ServeOptions withMaxConnections(int maxConnections) {
        return new ServeOptions(maxConnections, backoff, maxPerAddress, onFailure);
    }

    /** These options with other rests. */
    public ServeOptions withBackoff(Backoff backoff) {
        return new ServeOptions(maxConnections, backoff, maxPerAddress, onFailure);
    }

    /** These options with a bound of connections from one address. */
    public ServeOptions withMaxPerAddress(int maxPerAddress) {
        return new ServeOptions(maxConnections, backoff, maxPerAddress, onFailure);
    }

    /** These options with another handler of failures. */
    public ServeOptions withOnFailure(FailureHandler onFailure) {
        return new ServeOptions(maxConnections, backoff, maxPerAddress, onFailure);
    }

    /** Tells of a failure that a server outlives; one of the handler itself is logged with it. */
    void report(String what, Throwable failure) {
        try {
            onFailure.failed(what, failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            log(what, e);
        }
    }

    static void log(String what, Throwable failure) {
        LOG.log(level(failure), what, failure);
    }

    /** Peers that go away in the middle are everyday life, and nothing the server's owner could mend. */
    private static System.Logger.Level level(Throwable failure) {
        boolean peerLeft = GroupException.leaves(failure).stream()
                .allMatch(leaf -> leaf instanceof BrokenException
                        || leaf instanceof EndOfStreamException
                        || leaf instanceof ClosedException);
        return peerLeft ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
    }

    @Override
    public String toString() {
        return "ServeOptions[maxConnections=" + maxConnections + ", backoff=" + backoff + ", maxPerAddress="
                + maxPerAddress + ", onFailure=" + onFailure + "]";
    }
}
