/**
 * Streams of bytes between tasks, processes and machines: TCP, in-memory pairs, listeners and name look-up. Datagrams by UDP, and a
 * poller for those who move the bytes themselves.
 *
 * <p>Read first: {@link dev.heddle.net.Tcp}, the door; {@link dev.heddle.net.ByteStream}, what comes out of it; {@link
 * dev.heddle.net.Listener}, which serves.
 *
 * <p>Threads: a stream or listener is for tasks of the loop that made it. One task reads and one writes at a time, a second
 * gets a {@link dev.heddle.BusyException}; any task of the loop may close.
 *
 * <p>Cancellation: a cancelled read, accept, connect or look-up has taken nothing. A write that is cancelled after some of
 * its bytes have left breaks the stream's output, since the peer then has half a message.
 *
 * <p>Failures, the same for all streams: {@link dev.heddle.ClosedException} this side closed it; {@link
 * dev.heddle.net.EndOfStreamException} the peer ended it too early; {@link dev.heddle.BrokenException} the connection is lost.
 *
 * <p>Units: sizes and limits are bytes, times are {@link java.time.Duration}.
 */
@NullMarked
package dev.heddle.net;

import org.jspecify.annotations.NullMarked;
