package dev.heddle.http.internal.client.connection;

import dev.heddle.internal.sight.Connections;

/**
 * The thing that the pool gives to a request: a connection or a place for one, or a share in a session.
 */
abstract sealed class PooledConnection extends Connections.Link
        permits ConnectionPlace, Http1ClientConnection, ClientSession {

    final HostPool host;

    PooledConnection(HostPool host) {
        this.host = host;
    }

    /** Counts the requests that have it now. */
    abstract void countUse(PoolUse use);
}
