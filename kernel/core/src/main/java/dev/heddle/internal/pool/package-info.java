/**
 * The threads behind a {@link dev.heddle.WorkerPool}, its jobs, and the end of what has one.
 *
 * <p>Read first: {@link dev.heddle.internal.pool.WorkerThreads}, {@link dev.heddle.internal.pool.Termination}.
 *
 * <p>Threads: any, behind the lock that each class names.
 *
 * <p>Cancellation: a call waits for the end of its body, which a cancel interrupts; so does who waits for a termination and
 * hurries it.
 *
 * <p>Units: {@link java.time.Duration}, or the unit is in the name.
 */
@NullMarked
package dev.heddle.internal.pool;

import org.jspecify.annotations.NullMarked;
