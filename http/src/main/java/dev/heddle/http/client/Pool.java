package dev.heddle.http.client;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.http.client.PoolHost.Turn;
import dev.heddle.http.internal.codec.PlainReply;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one client: how many there may be, and who gets the next one.
 *
 * <p>A connection that has just been used is taken first, since it is the least likely to be closed by its server. Requests
 * that must wait are served in the order they came; one that only its own host's bound holds up lets others pass. A place
 * is counted from before connecting until after closing, so the bounds hold for half-made connections too.
 *
 * <p>A session of HTTP/2 has one place and gives out room in it. While nobody knows whether a server speaks it, or all of its
 * sessions are full, one request makes a connection and the others wait, to share it or to go on with HTTP/1.1.
 *
 * <p>Threads: the tasks and callbacks of one loop, so nothing here is locked. Only the statistics are for any thread; those of
 * another one see slightly old numbers.
 */
final class Pool {

    private final ClientLimits limits;
    private final Predicate<ClientRoute> shares;
    private final PlainReply plainReply;

    /** Concurrent only for the statistics. */
    private final Map<ClientRoute, PoolHost> hosts = new ConcurrentHashMap<>();
    private final Set<PoolHost> waitingHosts = new LinkedHashSet<>();
    private final IdleConnections idle;
    private int places;
    private int idleSessions;
    private int waiting;
    private long nextNumber;
    private long opened;
    private long reused;
    private boolean closed;
    private boolean serving;

    /**
     * @param shares whether a new connection on a way may be one of HTTP/2
     */
    Pool(ClientLimits limits, Duration idleTime, Loop loop, Predicate<ClientRoute> shares) {
        this.limits = limits;
        this.plainReply = new PlainReply(limits);
        this.shares = shares;
        this.idle = new IdleConnections(loop, idleTime, hosts.values(), this::leave, this::serve);
    }

    /**
     * Gets an idle connection, room in a session, or a place for a new one, waiting while there is none of them. The caller gives
     * it back with {@link #release}; uses the room up; or, if the place is shared, tells what became of it.
     *
     * <p>Cancellation: a cancelled call has taken no place.
     *
     * @throws ClosedException if the client is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    Carrier acquire(ClientRoute route) {
        throwIfClosed();
        PoolHost host = hosts.computeIfAbsent(route, key -> new PoolHost(key, shares.test(key)));
        Http2Session open = host.turns.isEmpty() ? host.open() : null;
        if (open != null) {
            return lend(open);
        }
        ClientConnection quiet = takeQuiet(host);
        if (quiet != null) {
            return quiet;
        }
        if (host.turns.isEmpty() && host.mayConnect() && host.places < limits.maxConnectionsPerHost() && makeRoom()) {
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
        idle.keep(connection);
        serve();
    }

    /** Closes a connection but keeps its place, for another try over a new one. */
    ClientConnection renew(ClientConnection connection) {
        connection.close();
        opened++;
        connection.host.opened++;
        return new ClientConnection(connection.host, limits, plainReply);
    }

    /** Closes what is idle and refuses what waits; connections in use are closed when they are given back. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        idle.close();
        for (PoolHost host : List.copyOf(hosts.values())) {
            for (Turn turn : host.turns) {
                turn.waiter.complete();
            }
            List.copyOf(host.sessions).forEach(this::finishIfUnused);
        }
    }

    // ---- sessions of HTTP/2 ----

    /** A place has become a session, in which the one who made it has room already. */
    void share(Http2Session session) {
        PoolHost host = session.host;
        host.connecting = false;
        host.alone = false;
        host.sessions.add(session);
        session.reserve();
        session.start();
        serve();
    }

    /** The server has chosen HTTP/1.1 for a place, whose holder goes on with it. */
    void notShared(ClientConnection place) {
        place.host.connecting = false;
        place.host.shares = false;
        serve();
    }

    /** A server that has chosen HTTP/2 wants HTTP/1.1 all the same: it gets it until its last connection is gone. */
    void needsHttp1(PoolHost host) {
        host.shares = false;
        List.copyOf(host.sessions).forEach(Http2Session::finish);
        serve();
    }

    /**
     * No connection was made.
     *
     * @param failed whether that is so because it cannot be made, and not because the caller has given up
     */
    void notConnected(ClientConnection place, boolean failed) {
        place.host.connecting = false;
        place.host.alone |= failed;
        release(place, false);
    }

    private Http2Session lend(Http2Session session) {
        if (session.isIdle()) {
            countIdle(session, -1);
        }
        reused++;
        session.host.reused++;
        session.reserve();
        return session;
    }

    /** A request has left a session. */
    void takeBack(Http2Session session) {
        if (session.isIdle() && session.host.sessions.contains(session)) {
            countIdle(session, 1);
            finishIfUnused(session);
        }
        serve();
    }

    private void countIdle(Http2Session session, int change) {
        idleSessions += change;
        session.host.idleSessions += change;
    }

    private void finishIfUnused(Http2Session session) {
        if (closed && session.isIdle()) {
            session.finish();
        }
    }

    /** A session has more room, or less. */
    void roomChanged() {
        serve();
    }

    /** A session is closed. */
    void ended(Http2Session session) {
        if (session.host.sessions.remove(session)) {
            if (session.isIdle()) {
                countIdle(session, -1);
            }
            leave(session.host);
            serve();
        }
    }

    // ---- all of them ----

    ClientStatistics statistics() {
        return new ClientStatistics(places, idle.count() + idleSessions, waiting, opened, reused);
    }

    /** Adds what each origin has now to what other loops have. */
    void addStatistics(Map<URI, ClientStatistics> all) {
        for (PoolHost host : hosts.values()) {
            all.merge(URI.create(host.route.origin().toString()), host.statistics(), ClientStatistics::plus);
        }
    }

    private Carrier awaitTurn(PoolHost host) {
        var turn = new Turn(host, nextNumber++);
        hosts.putIfAbsent(host.route, host);
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
        Carrier granted = turn.granted;
        if (granted == null) {
            throw closedException();
        }
        return granted;
    }

    /** Grants what is free to those who wait, by their order, until the first of them can use none of it. */
    private void serve() {
        if (!serving) {
            serving = true;
            try {
                serveAll();
            } finally {
                serving = false;
            }
        }
    }

    private void serveAll() {
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
                || host.open() != null
                || (host.mayConnect()
                        && host.places < limits.maxConnectionsPerHost()
                        && (places < limits.maxConnections() || idle.count() + idleSessions > 0));
    }

    private static long numberOf(PoolHost host) {
        return host.turns.getFirst().number;
    }

    private void grant(PoolHost host) {
        Turn turn = host.turns.removeFirst();
        if (host.turns.isEmpty()) {
            waitingHosts.remove(host);
        }
        Carrier carrier = carrierFor(host);
        turn.granted = carrier;
        if (!turn.waiter.complete()) {
            // The waiter was cancelled but has not run yet to say so: what it got goes on to the next one.
            turn.granted = null;
            switch (carrier) {
                case Http2Session session -> session.unreserve();
                case ClientConnection connection -> giveUp(connection);
            }
        }
    }

    private Carrier carrierFor(PoolHost host) {
        Http2Session open = host.open();
        if (open != null) {
            return lend(open);
        }
        ClientConnection quiet = takeQuiet(host);
        if (quiet != null) {
            return quiet;
        }
        makeRoom();
        return reserve(host);
    }

    private void giveUp(ClientConnection connection) {
        if (connection.isConnected()) {
            idle.keep(connection);
            return;
        }
        if (connection.isShared()) {
            connection.host.connecting = false;
        }
        leave(connection.host);
    }

    private @Nullable ClientConnection takeQuiet(PoolHost host) {
        ClientConnection quiet = idle.takeQuiet(host);
        if (quiet != null) {
            reused++;
            host.reused++;
        }
        return quiet;
    }

    /** Whether there is room for one more connection, if need be by closing the one that has been idle the longest. */
    private boolean makeRoom() {
        return places < limits.maxConnections() || idle.dropOldest() || dropSession();
    }

    /** Closes the session that has been idle the longest; false if none is idle. */
    private boolean dropSession() {
        Http2Session oldest = null;
        for (PoolHost host : hosts.values()) {
            for (Http2Session session : host.sessions) {
                if (session.isIdle()
                        && (oldest == null || session.idleSinceNanos() - oldest.idleSinceNanos() < 0)) {
                    oldest = session;
                }
            }
        }
        if (oldest == null) {
            return false;
        }
        oldest.host.sessions.remove(oldest);
        countIdle(oldest, -1);
        leave(oldest.host);
        oldest.abort();
        return true;
    }

    private ClientConnection reserve(PoolHost host) {
        hosts.putIfAbsent(host.route, host);
        places++;
        host.places++;
        opened++;
        host.opened++;
        var place = new ClientConnection(host, limits, plainReply);
        if (host.shares) {
            host.connecting = true;
            place.share();
        }
        return place;
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
            hosts.remove(host.route, host);
        }
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
