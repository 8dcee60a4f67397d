/**
 * The parts of a loop that know neither tasks nor scopes: what is ready, what is due, and what other threads have left.
 *
 * <p>Read first: {@link dev.heddle.internal.loop.Schedulable}, what a loop runs; {@link
 * dev.heddle.internal.loop.Timers}, what runs at its time; {@link dev.heddle.internal.loop.Inbox}, what other threads
 * have left.
 *
 * <p>Threads: the loop's own, but for {@code Inbox.push}.
 *
 * <p>Cancellation: nothing here waits.
 *
 * <p>Units: nanoseconds on the engine's clock.
 */
@NullMarked
package dev.heddle.internal.loop;

import org.jspecify.annotations.NullMarked;
