/**
 * Streams of bytes and what is put over them: text, messages with framing, limits, rates and counts; pairs in memory.
 *
 * <p>Read first: {@link dev.heddle.io.ByteStream}, what every connection, pipe and file gives; {@link
 * dev.heddle.io.Streams}, what is made of them; {@link dev.heddle.io.MessageStream}.
 *
 * <p>Threads: a stream is for tasks of the loop that made it. One task reads and one writes at a time, a second gets a
 * {@link dev.heddle.BusyException}; any task of the loop may close.
 *
 * <p>Cancellation: a cancelled read has taken nothing. A write that is cancelled after some of its bytes have left
 * breaks the stream's output, since the peer then has half a message.
 *
 * <p>Failures, the same for all streams: {@link dev.heddle.ClosedException} this side closed it; {@link
 * dev.heddle.io.EndOfStreamException} the peer ended it too early; {@link dev.heddle.BrokenException} the connection is
 * lost.
 *
 * <p>Units: sizes and limits are bytes, times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.io;

import org.jspecify.annotations.NullMarked;
