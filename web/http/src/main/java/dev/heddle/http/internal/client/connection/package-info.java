/**
 * The connections of a client, and one exchange over one of them: the pool of each loop, dialing, proxies, HTTP/1.1 and
 * HTTP/2 up to the head of the reply, and the bodies that are streamed both ways. The context of a call is here, since
 * it has the pool of its loop. It stands on the room of bodies, and on the connection of HTTP/2 that both sides share.
 *
 * <p>Read first: {@link dev.heddle.http.internal.client.connection.ExchangeFinder}, {@link
 * dev.heddle.http.internal.client.connection.ConnectionPool}, {@link
 * dev.heddle.http.internal.client.connection.Http1ClientExchange}.
 */
@NullMarked
package dev.heddle.http.internal.client.connection;

import org.jspecify.annotations.NullMarked;
