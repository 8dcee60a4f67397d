/**
 * The diagnosis of loops: who waits for whom, deadlocks, loops that are held, tasks that hold what others want.
 *
 * <p>Read first: {@link dev.heddle.internal.diagnosis.Watchdog}, which looks; {@link
 * dev.heddle.internal.diagnosis.LoopView}, what is seen of a loop; {@link dev.heddle.internal.diagnosis.WaitGraph}, what
 * follows from it. All that these know of the kernel's inside is {@link
 * dev.heddle.internal.diagnosis.DiagnosisAccess}.
 *
 * <p>Threads: who asks, the watchdog's, and for a short call the loop's own, as each class says.
 *
 * <p>Cancellation: nothing here waits in a task.
 *
 * <p>Units: {@link java.time.Duration}, or the unit is in the name.
 */
@NullMarked
package dev.heddle.internal.diagnosis;

import org.jspecify.annotations.NullMarked;
