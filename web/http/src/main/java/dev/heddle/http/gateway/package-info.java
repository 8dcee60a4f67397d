/**
 * The gateway: a handler that passes requests on to other servers, over HTTP/1.1 and HTTP/2 on both sides.
 *
 * <p>Read first: {@link dev.heddle.http.gateway.Proxying}, {@link dev.heddle.http.gateway.Upstreams}.
 *
 * <p>Threads: a request is passed on in its handler's task; limits, breakers and counts are shared by all loops of the
 * process.
 *
 * <p>Cancellation: a cancelled call ends the upstream's request at once and gives its place back.
 *
 * <p>Units: bytes unless the name says otherwise; times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.gateway;

import org.jspecify.annotations.NullMarked;
