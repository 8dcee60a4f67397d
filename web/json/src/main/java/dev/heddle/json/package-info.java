/**
 * JSON for the server and client of {@code dev.heddle.http}. With this module on the path they find its codec by
 * themselves.
 *
 * <p>Read first: {@link dev.heddle.json.JacksonCodec}, and {@link dev.heddle.json.Api} for routes that tell of
 * themselves.
 *
 * <p>Threads: any. Cancellation: nothing waits. Units: bytes.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.json;

import org.jspecify.annotations.NullMarked;
