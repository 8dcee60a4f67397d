/**
 * Messages of HTTP/1.1 from bytes and to bytes: heads, targets, URLs, chunks, and the buffers and encoders that bodies
 * of both sides share. What waits here is a task of one loop; no class knows the server or the client.
 *
 * <p>Read first: {@link dev.heddle.http.internal.codec.RequestHead}, {@link dev.heddle.http.internal.codec.ReplyHead},
 * {@link dev.heddle.http.internal.codec.ClientUrl}.
 */
@NullMarked
package dev.heddle.http.internal.codec;

import org.jspecify.annotations.NullMarked;
