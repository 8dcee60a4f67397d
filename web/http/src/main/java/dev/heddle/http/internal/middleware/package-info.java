/**
 * What the ready-made middleware and handlers of a server are made of, as far as it knows no request and no response:
 * coded bodies, the choice of a coding, the fields that say so, and texts that are safe in a log.
 *
 * <p>Read first: {@link dev.heddle.http.internal.middleware.CompressedBody}, {@link
 * dev.heddle.http.internal.middleware.Precompressed}.
 */
@NullMarked
package dev.heddle.http.internal.middleware;

import org.jspecify.annotations.NullMarked;
