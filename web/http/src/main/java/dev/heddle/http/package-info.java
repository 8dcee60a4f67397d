/**
 * HTTP/1.1 and HTTP/2 in direct style: a server whose handlers are plain methods, and a client whose calls return when
 * the answer is there.
 *
 * <p>Read first: {@link dev.heddle.http.server.HttpServer}, {@link dev.heddle.http.client.HttpClient}, {@link
 * dev.heddle.http.Headers}.
 *
 * <p>Threads: a server, a reply and all they hand out belong to the loop whose task made them; a client is shared by
 * all loops, and immutable types ({@code Headers}, options, limits) are for any thread. A handler runs in the task of
 * its connection, with HTTP/2 in one of its own.
 *
 * <p>Cancellation: a cancelled call leaves its connection closed or clean, never half used.
 *
 * <p>Units: bytes unless the name says otherwise; times are {@link java.time.Duration}; text in headers is Latin-1,
 * text in bodies is UTF-8 unless a charset is named.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http;

import org.jspecify.annotations.NullMarked;
