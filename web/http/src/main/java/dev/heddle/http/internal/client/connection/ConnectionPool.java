package dev.heddle.http.internal.client.connection;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ClientRoute;
import dev.heddle.http.internal.client.connection.HostPool.Turn;
import dev.heddle.http.internal.codec.HeadLimits;
import dev.heddle.http.internal.codec.ReplyHeadParser;
import dev.heddle.internal.sight.Connections;
import dev.heddle.io.ByteStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connection pool of one client: how many connections there may be, and who gets the next one.
 *
 * <p>A connection that has just been used is taken first, since it is the least likely to be closed by its server.
 * Requests that must wait are served in the order they came; one that only its own host's bound holds up lets others
 * pass. A place is counted from before connecting until after closing, so the bounds hold for half-made connections
 * too.
 *
 * <p>A session of HTTP/2 has one place and gives out room in it. While nobody knows whether a server speaks it, or all
 * of its sessions are full, one request makes a connection and the others wait, to share it or to go on with HTTP/1.1.
 *
 * <p>Threads: the tasks and callbacks of one loop, so nothing here is locked. Only the statistics are for any thread;
 * those of another one see slightly old numbers.
 */
public final class ConnectionPool {

    private final ClientLimits limits;
    private final Loop loop;
    private final Connections<? super PooledConnection> connections;
    private final Predicate<ClientRoute> shares;
    private final HeadLimits headLimits;
    private final ArrayDeque<ReplyHeadParser> headParsers = new ArrayDeque<>();

    /** Concurrent only for the statistics. */
    private final Map<ClientRoute, HostPool> hosts = new ConcurrentHashMap<>();
    private final Set<HostPool> waitingHosts = new LinkedHashSet<>();
    private final IdleConnections idle;

    /** The host that was asked last; one of those there are. */
    private @Nullable HostPool last;

    private int places;
    private int idleSessions;
    private int waiting;
    private long nextNumber;
    private long opened;
    private long reused;
    private boolean closed;
    private boolean serving;

    /**
     * @param connections where all are put that have a place
     * @param shares whether a new connection on a way may be one of HTTP/2
     */
    ConnectionPool(
            ClientLimits limits, Duration idleTime, Loop loop, Connections<? super PooledConnection> connections,
            Predicate<ClientRoute> shares) {
        this.limits = limits;
        this.loop = loop;
        this.connections = connections;
        this.headLimits = CallOptions.headLimits(limits);
        this.shares = shares;
        this.idle = new IdleConnections(loop, idleTime, hosts.values(), this::leave, this::serve);
    }

    /**
     * Gets an idle connection, room in a session, or a place for a new one, waiting while there is none of them. The
     * caller gives it back with {@link #release}; uses the room up; or, if the place is shared, tells what became of
     * it.
     *
     * <p>Cancellation: a cancelled call has taken no place.
     *
     * @throws ClosedException if the client is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    PooledConnection acquire(ClientRoute route) {
        if (closed) {
            throw closedException();
        }
        HostPool host = hostOf(route);
        ClientSession open = host.turns.isEmpty() ? host.open() : null;
        if (open != null) {
            return lend(open);
        }
        Http1ClientConnection kept = takeIdle(host);
        if (kept != null) {
            return kept;
        }
        if (host.turns.isEmpty() && host.mayConnect() && host.places < limits.maxConnectionsPerHost() && makeRoom()) {
            return reserve(host);
        }
        return awaitTurn(host);
    }

    private HostPool hostOf(ClientRoute route) {
        HostPool before = last;
        if (before != null && before.route.equals(route)) {
            return before;
        }
        HostPool host = hosts.computeIfAbsent(route, key -> new HostPool(key, shares.test(key)));
        last = host;
        return host;
    }

    /** Whether a connection on a way is one of HTTP/2, or a new one may be. */
    boolean mayShare(ClientRoute route) {
        HostPool host = hosts.get(route);
        return host == null ? shares.test(route) : host.shares;
    }

    /** Gives a connection back, and its place too unless it may be used again. Never waits. */
    void release(Http1ClientConnection connection, boolean reusable) {
        if (!reusable || closed) {
            connection.close();
            leave(connection);
            serve();
            return;
        }
        idle.keep(connection);
        serve();
    }

    /** The reply on a connection was dropped by who asked for it; gives its name. */
    String dropped(Http1ClientConnection connection) {
        String what = PoolUse.words(connection.held());
        release(connection, false);
        return what;
    }

    /** Closes a connection but keeps its place, for another try over a new one. */
    ConnectionPlace renew(Http1ClientConnection connection) {
        connection.close();
        connections.remove(connection);
        return place(connection.host, false);
    }

    /** A place has become a connection of HTTP/1.1; where others wait for it, the server has chosen that. */
    Http1ClientConnection connected(ConnectionPlace place, ByteStream stream) {
        var connection = new Http1ClientConnection(place.host, stream, headLimits, headParsers, loop);
        connections.remove(place);
        connections.add(connection);
        if (place.shared) {
            place.host.connecting = false;
            place.host.shares = false;
            serve();
        }
        return connection;
    }

    /** Closes what is idle and refuses what waits; connections in use are closed when they are given back. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        idle.close();
        for (HostPool host : List.copyOf(hosts.values())) {
            for (Turn turn = host.turns.first(); turn != null; turn = turn.next()) {
                turn.waiter.complete();
            }
            List.copyOf(host.sessions).forEach(this::finishIfUnused);
        }
    }

    // ---- sessions of HTTP/2 ----

    /** A place has become a session, in which the one who made it has room already. */
    void share(ConnectionPlace place, ClientSession session) {
        connections.remove(place);
        connections.add(session);
        HostPool host = session.host;
        host.connecting = false;
        host.alone = false;
        host.sessions.add(session);
        session.reserve();
        session.start();
        serve();
    }

    /** Requests on a way are to have a new connection, which may be another kind; those under way end in peace. */
    void finishSessions(ClientRoute route) {
        HostPool host = hosts.get(route);
        if (host != null) {
            List.copyOf(host.sessions).forEach(ClientSession::finish);
            serve();
        }
    }

    /** A server that has chosen HTTP/2 wants HTTP/1.1 all the same: it gets it until its last connection is gone. */
    void needsHttp1(HostPool host) {
        host.shares = false;
        List.copyOf(host.sessions).forEach(ClientSession::finish);
        serve();
    }

    /**
     * No connection was made in a place, which is given back.
     *
     * @param failed whether that is so because it cannot be made, and not because the caller has given up
     */
    void notConnected(ConnectionPlace place, boolean failed) {
        place.host.alone |= failed && place.shared;
        giveBack(place);
        serve();
    }

    private void giveBack(ConnectionPlace place) {
        if (place.shared) {
            place.host.connecting = false;
        }
        leave(place);
    }

    private ClientSession lend(ClientSession session) {
        if (session.isIdle()) {
            countIdle(session, -1);
        }
        reused++;
        session.host.reused++;
        session.reserve();
        return session;
    }

    /** A request has left a session. */
    void takeBack(ClientSession session) {
        if (session.isIdle() && session.host.sessions.contains(session)) {
            countIdle(session, 1);
            finishIfUnused(session);
        }
        serve();
    }

    private void countIdle(ClientSession session, int change) {
        idleSessions += change;
        session.host.idleSessions += change;
    }

    private void finishIfUnused(ClientSession session) {
        if (closed && session.isIdle()) {
            session.finish();
        }
    }

    /** A session is closed. */
    void ended(ClientSession session) {
        if (session.host.sessions.remove(session)) {
            if (session.isIdle()) {
                countIdle(session, -1);
            }
            leave(session);
            serve();
        }
    }

    // ---- all of them ----

    public PoolStatistics statistics() {
        return new PoolStatistics(places, idle.count() + idleSessions, waiting, opened, reused);
    }

    /** Adds what each origin has now to what other loops have. */
    public void addStatistics(Map<URI, PoolStatistics> all) {
        for (HostPool host : hosts.values()) {
            all.merge(URI.create(host.route.origin().toString()), host.statistics(), PoolStatistics::plus);
        }
    }

    /** Who has what a request to a way waits for: at its host, or anywhere if the host's bound is not what holds it up. */
    PoolUse useFor(ClientRoute route) {
        HostPool host = hosts.get(route);
        boolean isHosts = host != null && (!host.mayConnect() || host.places >= limits.maxConnectionsPerHost());
        var use = new PoolUse(isHosts ? " to " + route.origin() : "");
        for (Object link : connections.all()) {
            if (link instanceof PooledConnection connection && (!isHosts || connection.host == host)) {
                connection.countUse(use);
            }
        }
        return use;
    }

    private PooledConnection awaitTurn(HostPool host) {
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
        PooledConnection granted = turn.granted;
        if (granted == null) {
            throw closedException();
        }
        return granted;
    }

    /** Grants what is free to those who wait, by their order, until the first of them can use none of it. */
    void serve() {
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
            HostPool first = null;
            for (HostPool host : waitingHosts) {
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

    private boolean canServe(HostPool host) {
        return !host.idle.isEmpty()
                || host.open() != null
                || (host.mayConnect()
                        && host.places < limits.maxConnectionsPerHost()
                        && (places < limits.maxConnections() || idle.count() + idleSessions > 0));
    }

    private static long numberOf(HostPool host) {
        return Objects.requireNonNull(host.turns.first()).number;
    }

    private void grant(HostPool host) {
        Turn turn = Objects.requireNonNull(host.turns.first());
        host.turns.remove(turn);
        if (host.turns.isEmpty()) {
            waitingHosts.remove(host);
        }
        PooledConnection found = connectionFor(host);
        turn.granted = found;
        if (!turn.waiter.complete()) {
            // The waiter was cancelled but has not run yet to say so: what it got goes on to the next one.
            turn.granted = null;
            switch (found) {
                case ClientSession session -> session.unreserve();
                case Http1ClientConnection connection -> idle.keep(connection);
                case ConnectionPlace place -> giveBack(place);
            }
        }
    }

    private PooledConnection connectionFor(HostPool host) {
        ClientSession open = host.open();
        if (open != null) {
            return lend(open);
        }
        Http1ClientConnection kept = takeIdle(host);
        if (kept != null) {
            return kept;
        }
        makeRoom();
        return reserve(host);
    }

    private @Nullable Http1ClientConnection takeIdle(HostPool host) {
        Http1ClientConnection kept = idle.take(host);
        if (kept != null) {
            reused++;
            host.reused++;
        }
        return kept;
    }

    /** Whether there is room for one more connection, if need be by closing the one that has been idle the longest. */
    private boolean makeRoom() {
        return places < limits.maxConnections() || idle.dropOldest() || dropSession();
    }

    /** Closes the session that has been idle the longest; false if none is idle. */
    private boolean dropSession() {
        ClientSession oldest = null;
        for (HostPool host : hosts.values()) {
            for (ClientSession session : host.sessions) {
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
        leave(oldest);
        oldest.abort();
        return true;
    }

    private ConnectionPlace reserve(HostPool host) {
        hosts.putIfAbsent(host.route, host);
        places++;
        host.places++;
        host.connecting |= host.shares;
        return place(host, host.shares);
    }

    private ConnectionPlace place(HostPool host, boolean shared) {
        opened++;
        host.opened++;
        var place = new ConnectionPlace(host, shared, loop);
        connections.add(place);
        return place;
    }

    private void leave(PooledConnection connection) {
        connections.remove(connection);
        places--;
        connection.host.places--;
        forgetIfEmpty(connection.host);
    }

    private void forgetIfEmpty(HostPool host) {
        if (host.turns.isEmpty()) {
            waitingHosts.remove(host);
        }
        if (host.isEmpty()) {
            hosts.remove(host.route, host);
            last = null;
        }
    }

    private static ClosedException closedException() {
        return new ClosedException("the HTTP client is closed");
    }
}
