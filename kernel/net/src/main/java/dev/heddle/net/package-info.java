/**
 * The network: TCP and Unix sockets as streams, listeners, name look-up, datagrams by UDP, and a poller for those who
 * move the bytes themselves.
 *
 * <p>Read first: {@link dev.heddle.net.Tcp}, the door; {@link dev.heddle.io.ByteStream}, what comes out of it; {@link
 * dev.heddle.net.Listener}, which serves.
 *
 * <p>Threads: a listener or socket is for tasks of the loop that made it; any task of the loop may close.
 *
 * <p>Cancellation: a cancelled accept, connect or look-up has taken nothing. Streams, their cancellation and their
 * failures are those of {@link dev.heddle.io}.
 *
 * <p>Units: sizes and limits are bytes, times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.net;

import org.jspecify.annotations.NullMarked;
