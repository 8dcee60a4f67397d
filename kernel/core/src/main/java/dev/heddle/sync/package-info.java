/**
 * What tasks share and wait on together, where the JDK has nothing of the kind, or where a cancel, a dead holder or a
 * simulation needs more. Its own locks, semaphores and queues work in tasks as they are.
 *
 * <p>Read first: {@link dev.heddle.sync.Channel} to hand things over, {@link dev.heddle.sync.Mutex} to keep others out,
 * {@link dev.heddle.sync.Select} to wait for several things at once. What is acquired and released, a lock or a permit,
 * is an {@link dev.heddle.sync.Permits}.
 *
 * <p>Threads: everything here works between tasks of one loop, of several loops, and platform threads; only tasks ask a
 * {@link dev.heddle.sync.Memo}.
 *
 * <p>Cancellation: a cancelled call has neither left nor taken an element, and holds nothing.
 *
 * <p>Units: elements, where a name says nothing else.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.sync;

import org.jspecify.annotations.NullMarked;
