/**
 * Loops, tasks, groups and cancel scopes: the kernel of Heddle.
 *
 * <p>Read first: {@link dev.heddle.Heddle}, the front door; {@link dev.heddle.TaskGroup}, which owns tasks; {@link
 * dev.heddle.CancelScope}, which ends them.
 *
 * <p>Threads: a task lives on one loop and two tasks of a loop never run at the same time, so they need no locks between
 * them. Methods are for tasks of the loop unless they say otherwise.
 *
 * <p>Cancellation: every waiting call throws {@link dev.heddle.CancelledException} while an enclosing scope is cancelled.
 *
 * <p>Units: {@link java.time.Duration}, or the unit is in the name.
 */
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
