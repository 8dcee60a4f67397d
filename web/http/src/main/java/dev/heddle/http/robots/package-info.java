/**
 * The rules of sites for crawlers: robots.txt (RFC 9309).
 *
 * <p>Read first: {@link dev.heddle.http.robots.Robots}, {@link dev.heddle.http.robots.RobotsRules}.
 *
 * <p>Threads: any; all is immutable or shared by all loops. Cancellation: a cancelled question leaves the fetch of the
 * rules to the others.
 *
 * <p>Units: bytes.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.robots;

import org.jspecify.annotations.NullMarked;
