/**
 * The HTTP client: calls that return when the answer is there, over HTTP/1.1 and HTTP/2, with a pool of connections,
 * redirects, retries, cookies, a cache, credentials and proxies.
 *
 * <p>Read first: {@link dev.heddle.http.client.HttpClient}, {@link dev.heddle.http.client.ClientRequest},
 * {@link dev.heddle.http.client.Reply}.
 *
 * <p>Threads: a client is shared by all loops, and each loop has connections of its own; a reply and what it hands out
 * belong to the loop whose task asked for it.
 *
 * <p>Cancellation: a cancelled call leaves its connection closed or clean, never half used.
 *
 * <p>Units: bytes unless the name says otherwise; times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.client;

import org.jspecify.annotations.NullMarked;
