/**
 * What a run has around its loops: the signals of the process and how it exits by them, the time that its end may take.
 *
 * <p>Read first: {@link dev.heddle.internal.run.InterruptSignals}, {@link dev.heddle.internal.run.EndTime}.
 *
 * <p>Threads: any, or as a class says.
 *
 * <p>Cancellation: nothing here waits.
 *
 * <p>Units: nanoseconds on the engine's clock.
 */
@NullMarked
package dev.heddle.internal.run;

import org.jspecify.annotations.NullMarked;
