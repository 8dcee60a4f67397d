/**
 * Objects that processes share: queues, locks, maps, pipes and objects of a program's own, which live at a {@link
 * dev.heddle.process.shared.Manager}.
 *
 * <p>Read first {@link dev.heddle.process.shared.Manager}, {@link dev.heddle.process.shared.SharedQueue} and {@link
 * dev.heddle.process.shared.SharedMutex}.
 *
 * <p>Threads: everything may be called from any task or thread, of any process. Cancellation: a cancelled call has had
 * no effect, or its result is given all the same. Sizes are bytes, times {@link java.time.Duration}s.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.process.shared;

import org.jspecify.annotations.NullMarked;
