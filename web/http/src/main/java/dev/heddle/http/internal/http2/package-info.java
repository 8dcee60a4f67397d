/**
 * A connection of HTTP/2 (RFC 9113) and its header compression (RFC 7541), the same for server and client, which stand
 * above it as an {@code Http2Role}. All of a connection belongs to one loop.
 *
 * <p>Read first: {@link dev.heddle.http.internal.http2.Http2Connection}, {@link
 * dev.heddle.http.internal.http2.Http2Streams}, {@link dev.heddle.http.internal.http2.Http2Writer}.
 */
@NullMarked
package dev.heddle.http.internal.http2;

import org.jspecify.annotations.NullMarked;
