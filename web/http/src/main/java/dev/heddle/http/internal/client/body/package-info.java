/**
 * The bodies of replies, wherever they come from: read from memory or from a cache, decoded, collected for a cache, held
 * by a limiter. A body has its head with it, so it is all that the links of a call hand on. It stands on the room of the
 * call, and knows no connection.
 *
 * <p>Read first: {@link dev.heddle.http.internal.client.body.ReplyBody}, {@link
 * dev.heddle.http.internal.client.body.ContentDecoding}, {@link dev.heddle.http.internal.client.body.InflatingBody}.
 */
@NullMarked
package dev.heddle.http.internal.client.body;

import org.jspecify.annotations.NullMarked;
