/**
 * The rules of HTTP caches (RFC 9111), of private and shared ones, the memory and files that they have, and the cache of
 * a client made of both. Knows nothing of connections.
 *
 * <p>Read first: {@link dev.heddle.http.internal.cache.StorageRules},
 * {@link dev.heddle.http.internal.cache.ReuseRules},
 * {@link dev.heddle.http.internal.cache.MemoryStore}.
 *
 * <p>Threads: what is no store is immutable, or of one task; a store is for any.
 *
 * <p>Cancellation: nothing here waits but a client's cache for its files; what works with files blocks, and says so.
 *
 * <p>Units: bytes, and milliseconds or seconds as the name says.
 */
@NullMarked
package dev.heddle.http.internal.cache;

import org.jspecify.annotations.NullMarked;
