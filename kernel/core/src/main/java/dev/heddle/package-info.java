/**
 * Loops, tasks, groups and cancel scopes: the kernel of Heddle.
 *
 * <p>Read first: {@link dev.heddle.Heddle}, the front door; {@link dev.heddle.TaskGroup}, which owns tasks; {@link
 * dev.heddle.CancelScope}, which ends them.
 *
 * <p>The package is one room, since loops, tasks and scopes know each other both ways. Generators and coroutines, which run
 * inside a task, have a room of their own, {@code dev.heddle.generators}. So have the queues and timers below the tasks,
 * {@code internal.loop}, and those who look from outside whether all goes on, {@code internal.diagnosis}. What stands here:
 *
 * <ul>
 * <li>Loops: {@link dev.heddle.Loop}, {@link dev.heddle.Config}, {@link dev.heddle.LoopChooser}, {@link
 *     dev.heddle.LoopLocal}, {@link dev.heddle.Handle}, {@link dev.heddle.Instrument}, {@link
 *     dev.heddle.FailureHandler}; hidden {@code Scheduler}, which turns the loop, with {@code Fiber}, {@code LoopCallback},
 *     {@code Callbacks} and {@code GuestMode}, over the queues and timers of {@code internal.loop}.
 * <li>Tasks and scopes: {@link dev.heddle.Task}, {@link dev.heddle.Tasks}, {@link dev.heddle.TaskGroup}, {@link
 *     dev.heddle.CancelScope}, {@link dev.heddle.Promise}, {@link dev.heddle.Outcome}, {@link
 *     dev.heddle.RestartPolicy}, {@link dev.heddle.Backoff} and the exceptions; hidden {@code Supervision}, {@code
 *     Combinators}, {@code ForeignWait}.
 * <li>Waits: {@link dev.heddle.Waiter}, {@link dev.heddle.ParkingLot}, {@link dev.heddle.HeldResource}.
 * <li>Timers: {@link dev.heddle.Ticker}.
 * <li>Pools and executors: {@link dev.heddle.TaskPool}, {@link dev.heddle.WorkerPool}, {@link
 *     dev.heddle.BodyExecutor}, {@link dev.heddle.Results}; hidden {@code LoopExecutor}, {@code
 *     OffloadThreads}, and the threads of {@code internal.pool}.
 * <li>Diagnosis: {@link dev.heddle.WaitReport}, {@link dev.heddle.DeadlockException}; hidden {@code OpenCancels}, {@code
 *     SpinGuard}, and {@code KernelDiagnosisAccess}, by which {@code internal.diagnosis} looks at loops.
 * </ul>
 *
 * <p>Threads: a task lives on one loop and two tasks of a loop never run at the same time, so they need no locks
 * between them. Methods are for tasks of the loop unless they say otherwise.
 *
 * <p>Cancellation: every waiting call throws {@link dev.heddle.CancelledException} while an enclosing scope is
 * cancelled.
 *
 * <p>Units: {@link java.time.Duration}, or the unit is in the name.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
