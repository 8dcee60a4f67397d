/**
 * The protection of a server against more requests than it can answer in time: {@link
 * dev.heddle.http.overload.LoadShedding}, a middleware that finds out how many those are and refuses the others at
 * once.
 *
 * <p>Read first: {@link dev.heddle.http.overload.LoadShedding}. How often one client may ask is {@link
 * dev.heddle.http.server.RequestRateLimiter}; how many may be in one route, {@link
 * dev.heddle.http.server.RouteOptions}.
 *
 * <p>Threads: any; the loops of a server share what they know. Cancellation: a cancelled request gives its place back.
 *
 * <p>Units: requests; times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.overload;

import org.jspecify.annotations.NullMarked;
