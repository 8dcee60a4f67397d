/**
 * The server's side of connections, of HTTP/1 and HTTP/2: they read requests, have them answered, and send the
 * responses. Who answers, and whose connections they are, stands above, behind {@link
 * dev.heddle.http.internal.server.RequestAnswerer} and {@link dev.heddle.http.internal.server.ConnectionOwner}.
 *
 * <p>Read first: {@link dev.heddle.http.internal.server.ServerLoop}, {@link
 * dev.heddle.http.internal.server.Http1ServerConnection}, {@link
 * dev.heddle.http.internal.server.Http2ServerConnection}.
 */
@NullMarked
package dev.heddle.http.internal.server;

import org.jspecify.annotations.NullMarked;
