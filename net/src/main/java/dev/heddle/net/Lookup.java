package dev.heddle.net;

import dev.heddle.ParkingLot;
import dev.heddle.internal.Throwables;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One look-up of a name: under way, with those who wait for it, or done, with its answer and the time it is good for.
 */
final class Lookup {

    private final String name;
    private final ParkingLot waiting;
    private @Nullable List<InetAddress> addresses;
    private @Nullable Throwable failure;
    private long doneAtNanos;

    Lookup(String name) {
        this.name = name;
        this.waiting = new ParkingLot("resolving " + name);
    }

    boolean isDone() {
        return addresses != null || failure != null;
    }

    /** Whether its answer is too old to be given. */
    boolean isStale(long now) {
        if (!isDone()) {
            return false;
        }
        long keepNanos = (failure == null ? Dns.KEEP_ANSWER : Dns.KEEP_FAILURE).toNanos();
        return now - doneAtNanos >= keepNanos;
    }

    /** Waits for the answer, for {@link Dns#DEADLINE} at most. */
    List<InetAddress> await() {
        if (!isDone()) {
            waiting.parkWithin(Dns.DEADLINE);
        }
        if (addresses != null) {
            return addresses;
        }
        if (failure != null) {
            throw new ResolveException(name, reason(failure), failure);
        }
        throw new ResolveException(name, "no answer within " + Dns.DEADLINE.toSeconds() + " s", null);
    }

    /** The JDK's messages begin with the name, which stands in ours already. */
    private String reason(Throwable e) {
        String words = Throwables.describe(e);
        return words.startsWith(name + ": ") ? words.substring(name.length() + 2) : words;
    }

    void succeed(List<InetAddress> answer, long now) {
        addresses = answer;
        done(now);
    }

    void fail(Throwable e, long now) {
        failure = e;
        done(now);
    }

    /** How many wait for it. */
    int waiting() {
        return waiting.statistics().waiting();
    }

    private void done(long now) {
        doneAtNanos = now;
        waiting.unparkAll();
    }
}
