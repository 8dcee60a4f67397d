package dev.heddle.http.internal.client.connection;

import dev.heddle.Handle;
import dev.heddle.Loop;
import dev.heddle.internal.Durations;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a {@link ConnectionPool} that wait for their next request, each in the list of its {@link
 * HostPool}, and none longer than the idle time. For the tasks and callbacks of one loop.
 */
final class IdleConnections {

    private final Loop loop;
    private final long idleNanos;
    private final Collection<HostPool> hosts;
    private final Consumer<? super Http1ClientConnection> placeFreed;
    private final Runnable swept;
    private final ByteBuffer probe = ByteBuffer.allocateDirect(1);
    private int count;
    private @Nullable Handle sweep;

    /**
     * @param idleTime how long a connection is kept
     * @param hosts all that the pool knows now; seen through
     * @param placeFreed told for each connection that was closed here
     * @param swept called when some may have been closed because of their time
     */
    IdleConnections(Loop loop, Duration idleTime, Collection<HostPool> hosts,
            Consumer<? super Http1ClientConnection> placeFreed,
            Runnable swept) {
        this.loop = loop;
        this.idleNanos = Durations.toNanos(idleTime);
        this.hosts = hosts;
        this.placeFreed = placeFreed;
        this.swept = swept;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    void keep(Http1ClientConnection connection) {
        connection.rest(loop.nanoTime());
        connection.host.idle.addLast(connection);
        count++;
        if (sweep == null) {
            sweep = loop.callLater(Duration.ofNanos(idleNanos), this::sweep);
        }
    }

    /** One that nothing has come in on, the one used last first; closes those that are not fit. */
    @Nullable Http1ClientConnection take(HostPool host) {
        while (!host.idle.isEmpty()) {
            Http1ClientConnection last = host.idle.removeLast();
            if (loop.nanoTime() - last.idleSinceNanos < idleNanos && last.isQuiet(probe)) {
                count--;
                return last;
            }
            drop(last);
        }
        return null;
    }

    /** Closes the one that has been idle the longest; false if there is none. */
    boolean dropOldest() {
        HostPool oldest = null;
        for (HostPool host : hosts) {
            if (!host.idle.isEmpty() && (oldest == null || since(host) - since(oldest) < 0)) {
                oldest = host;
            }
        }
        if (oldest == null) {
            return false;
        }
        drop(oldest.idle.removeFirst());
        return true;
    }

    /** Closes all. */
    void close() {
        if (sweep != null) {
            sweep.cancel();
        }
        for (HostPool host : List.copyOf(hosts)) {
            while (!host.idle.isEmpty()) {
                drop(host.idle.removeFirst());
            }
        }
    }

    private static long since(HostPool host) {
        return host.idle.getFirst().idleSinceNanos;
    }

    private void drop(Http1ClientConnection connection) {
        count--;
        connection.close();
        placeFreed.accept(connection);
    }

    /** Closes what has been idle too long, and looks again when the next one may be. */
    private void sweep() {
        sweep = null;
        long now = loop.nanoTime();
        long longest = 0;
        for (HostPool host : List.copyOf(hosts)) {
            while (!host.idle.isEmpty() && now - since(host) >= idleNanos) {
                drop(host.idle.removeFirst());
            }
            if (!host.idle.isEmpty()) {
                longest = Math.max(longest, now - since(host));
            }
        }
        if (count > 0) {
            sweep = loop.callLater(Duration.ofNanos(idleNanos - longest), this::sweep);
        }
        swept.run();
    }
}
