package dev.heddle.http.internal.client.connection;

import dev.heddle.Waiter;
import dev.heddle.http.internal.client.call.ClientRoute;
import dev.heddle.internal.WaitLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pool of one way to an origin; owned by {@link ConnectionPool} and dropped when it is empty. */
public final class HostPool {

    final ClientRoute route;

    /** The one used last at the end, where it is also taken from. */
    final ArrayDeque<Http1ClientConnection> idle = new ArrayDeque<>();

    /** Who waits, the first one first. */
    final WaitLine<Turn> turns = new WaitLine<>();

    /** Connections of HTTP/2; each has one of the places. */
    final List<ClientSession> sessions = new ArrayList<>();

    /** Those of them that nobody uses; a number of its own, since the statistics are for any thread. */
    int idleSessions;

    /** Connections and reservations. */
    int places;

    /** Whether a new connection may be one of HTTP/2; no more when the server has chosen HTTP/1.1. */
    boolean shares;

    /** Whether a request makes a connection that the others wait for, since they may share it. */
    boolean connecting;

    /**
     * Whether the last such connection failed: then each tries for itself, so that they do not fail one after the
     * other.
     */
    boolean alone;

    long opened;

    long reused;

    /**
     * @param shares whether a new connection may be one of HTTP/2
     */
    HostPool(ClientRoute route, boolean shares) {
        this.route = route;
        this.shares = shares;
    }

    /** A session with room; null if there is none. */
    @Nullable ClientSession open() {
        for (ClientSession session : sessions) {
            if (session.room() > 0) {
                return session;
            }
        }
        return null;
    }

    /** Whether another request may make a connection now. */
    boolean mayConnect() {
        return !shares || alone || !connecting;
    }

    boolean isEmpty() {
        return places == 0 && turns.isEmpty();
    }

    PoolStatistics statistics() {
        return new PoolStatistics(places, idle.size() + idleSessions, turns.size(), opened, reused);
    }

    /** One request's place in the queue. */
    static final class Turn extends WaitLine.Call<Turn> {

        final long number;
        @Nullable PooledConnection granted;

        Turn(HostPool host, long number) {
            super(new Waiter(host));
            this.number = number;
        }
    }

    @Override
    public String toString() {
        return "a connection to " + route;
    }
}
