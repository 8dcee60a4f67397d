package dev.heddle.http.client;

/**
 * The thing that the pool gives to a request: a connection or a place for one, or a share in a connection of HTTP/2.
 */
sealed interface PooledConnection permits Http1ClientConnection, Http2ClientConnection {}
