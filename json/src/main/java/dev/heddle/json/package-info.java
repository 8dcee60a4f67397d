/**
 * JSON for the server and client of {@code dev.heddle.http}. With this module on the path they find {@link
 * dev.heddle.json.JacksonCodec} by themselves; there is nothing else to read.
 *
 * <p>Threads: any. Cancellation: nothing waits. Units: bytes.
 */
@NullMarked
package dev.heddle.json;

import org.jspecify.annotations.NullMarked;
