package dev.heddle.http;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Handle;
import dev.heddle.Loop;
import dev.heddle.http.ClientUrl.Origin;
import dev.heddle.http.PoolHost.Turn;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one client: how many there may be, and who gets the next one.
 *
 * <p>A connection that has just been used is taken first, since it is the least likely to be closed by its server. Requests
 * that must wait are served in the order they came; one that only its own host's bound holds up lets others pass. A place
 * is counted from before connecting until after closing, so the bounds hold for half-made connections too.
 *
 * <p>Threads: the tasks and callbacks of one loop, so nothing here is locked. Only the statistics are for any thread; those of
 * another one see slightly old numbers.
 */
final class Pool {

    private final ClientLimits limits;
    private final long idleNanos;
    private final Loop loop;

    /** Concurrent only for the statistics. */
    private final Map<Origin, PoolHost> hosts = new ConcurrentHashMap<>();
    private final Set<PoolHost> waitingHosts = new LinkedHashSet<>();
    private final ByteBuffer probe = ByteBuffer.allocateDirect(1);
    private int places;
    private int idle;
    private int waiting;
    private long nextNumber;
    private long opened;
    private long reused;
    private boolean closed;
    private @Nullable Handle sweep;

    Pool(ClientLimits limits, Duration idleTime, Loop loop) {
        this.limits = limits;
        this.idleNanos = ClientTimeouts.nanos(idleTime);
        this.loop = loop;
    }

    /**
     * Gets an idle connection or a place for a new one, waiting while there is neither. The caller gives it back with
     * {@link #release}.
     *
     * <p>Cancellation: a cancelled call has taken no place.
     *
     * @throws ClosedException if the client is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    ClientConnection acquire(Origin origin) {
        throwIfClosed();
        PoolHost host = hosts.computeIfAbsent(origin, PoolHost::new);
        ClientConnection quiet = takeQuiet(host);
        if (quiet != null) {
            return quiet;
        }
        if (host.turns.isEmpty() && host.places < limits.maxConnectionsPerHost() && makeRoom()) {
            return reserve(host);
        }
        return awaitTurn(host);
    }

    /** Gives a connection back, and its place too unless it may be used again. Never waits. */
    void release(ClientConnection connection, boolean reusable) {
        if (!reusable || closed) {
            connection.close();
            leave(connection.host);
            serve();
            return;
        }
        keep(connection);
        serve();
    }

    /** Closes a connection but keeps its place, for another try over a new one. */
    ClientConnection renew(ClientConnection connection) {
        connection.close();
        opened++;
        connection.host.opened++;
        return new ClientConnection(connection.host, limits);
    }

    /** Closes what is idle and refuses what waits; connections in use are closed when they are given back. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (sweep != null) {
            sweep.cancel();
        }
        for (PoolHost host : new ArrayList<>(hosts.values())) {
            for (Turn turn : host.turns) {
                turn.waiter.complete();
            }
            while (!host.idle.isEmpty()) {
                drop(host, host.idle.removeFirst());
            }
        }
    }

    ClientStatistics statistics() {
        return new ClientStatistics(places, idle, waiting, opened, reused);
    }

    /** Adds what each origin has now to what other loops have. */
    void addStatistics(Map<URI, ClientStatistics> all) {
        for (PoolHost host : hosts.values()) {
            all.merge(URI.create(host.origin.toString()), host.statistics(), ClientStatistics::plus);
        }
    }

    private ClientConnection awaitTurn(PoolHost host) {
        var turn = new Turn(host, nextNumber++);
        hosts.putIfAbsent(host.origin, host);
        host.turns.add(turn);
        waitingHosts.add(host);
        waiting++;
        try {
            turn.waiter.await();
        } finally {
            waiting--;
            if (host.turns.remove(turn)) {
                forgetIfEmpty(host);
            }
        }
        ClientConnection granted = turn.granted;
        if (granted == null) {
            throw closedException();
        }
        return granted;
    }

    private void keep(ClientConnection connection) {
        connection.idleSinceNanos = loop.nanoTime();
        connection.host.idle.addLast(connection);
        idle++;
        if (sweep == null) {
            sweep = loop.callLater(Duration.ofNanos(idleNanos), this::sweep);
        }
    }

    /** Grants what is free to those who wait, by their order, until the first of them can use none of it. */
    private void serve() {
        while (!closed && !waitingHosts.isEmpty()) {
            PoolHost first = null;
            for (PoolHost host : waitingHosts) {
                if (canServe(host) && (first == null || numberOf(host) < numberOf(first))) {
                    first = host;
                }
            }
            if (first == null) {
                return;
            }
            grant(first);
        }
    }

    private boolean canServe(PoolHost host) {
        return !host.idle.isEmpty()
                || (host.places < limits.maxConnectionsPerHost() && (places < limits.maxConnections() || idle > 0));
    }

    private static long numberOf(PoolHost host) {
        return host.turns.getFirst().number;
    }

    private void grant(PoolHost host) {
        Turn turn = host.turns.removeFirst();
        if (host.turns.isEmpty()) {
            waitingHosts.remove(host);
        }
        ClientConnection connection = takeQuiet(host);
        if (connection == null) {
            makeRoom();
            connection = reserve(host);
        }
        turn.granted = connection;
        if (!turn.waiter.complete()) {
            // The waiter was cancelled but has not run yet to say so: what it got goes on to the next one.
            turn.granted = null;
            if (connection.isConnected()) {
                keep(connection);
            } else {
                leave(host);
            }
        }
    }

    /** An idle connection that nothing has come in on; closes those that are not fit. */
    private @Nullable ClientConnection takeQuiet(PoolHost host) {
        while (!host.idle.isEmpty()) {
            ClientConnection last = host.idle.removeLast();
            if (loop.nanoTime() - last.idleSinceNanos < idleNanos && last.isQuiet(probe)) {
                idle--;
                reused++;
                host.reused++;
                return last;
            }
            drop(host, last);
        }
        return null;
    }

    /** Whether there is room for one more connection, if need be by closing the one that has been idle the longest. */
    private boolean makeRoom() {
        if (places < limits.maxConnections()) {
            return true;
        }
        PoolHost oldest = null;
        for (PoolHost host : hosts.values()) {
            if (!host.idle.isEmpty() && (oldest == null || idleSince(host) - idleSince(oldest) < 0)) {
                oldest = host;
            }
        }
        if (oldest == null) {
            return false;
        }
        drop(oldest, oldest.idle.removeFirst());
        return true;
    }

    private static long idleSince(PoolHost host) {
        return host.idle.getFirst().idleSinceNanos;
    }

    private ClientConnection reserve(PoolHost host) {
        hosts.putIfAbsent(host.origin, host);
        places++;
        host.places++;
        opened++;
        host.opened++;
        return new ClientConnection(host, limits);
    }

    /** Closes a connection that was idle. */
    private void drop(PoolHost host, ClientConnection connection) {
        idle--;
        connection.close();
        leave(host);
    }

    private void leave(PoolHost host) {
        places--;
        host.places--;
        forgetIfEmpty(host);
    }

    private void forgetIfEmpty(PoolHost host) {
        if (host.turns.isEmpty()) {
            waitingHosts.remove(host);
        }
        if (host.isEmpty()) {
            hosts.remove(host.origin, host);
        }
    }

    /** Closes what has been idle too long, and looks again when the next one may be. */
    private void sweep() {
        sweep = null;
        long now = loop.nanoTime();
        long oldest = now;
        for (PoolHost host : new ArrayList<>(hosts.values())) {
            while (!host.idle.isEmpty() && now - idleSince(host) >= idleNanos) {
                drop(host, host.idle.removeFirst());
            }
            if (!host.idle.isEmpty()) {
                oldest = Math.min(oldest, idleSince(host));
            }
        }
        if (idle > 0) {
            sweep = loop.callLater(Duration.ofNanos(idleNanos - (now - oldest)), this::sweep);
        }
        serve();
    }

    private void throwIfClosed() {
        if (closed) {
            throw closedException();
        }
    }

    private static ClosedException closedException() {
        return new ClosedException("the HTTP client is closed");
    }
}
