/**
 * Deterministic simulation: the same program, on a loop whose time, order, randomness, network and names are made up
 * from one seed. The same seed gives the same run, so a failure found once is found again.
 *
 * <p>Read first: {@link dev.heddle.sim.Sim}, which runs a body; {@link dev.heddle.sim.SimNetwork}, its hosts and links;
 * {@link dev.heddle.sim.SimTest}, which runs a test method once per seed.
 *
 * <p>Threads: one simulation is one loop. Everything here is for tasks of that loop unless it says otherwise. Work on
 * other threads, such as {@code offload}, is really waited for and lets no virtual time pass, and so is a monitor or
 * {@code ReentrantLock} that another thread has; the order in which several such waits end is real and is not part of
 * what a seed repeats.
 *
 * <p>Cancellation: a waiting call that is cancelled has moved no bytes and taken no connection.
 *
 * <p>Units: {@link java.time.Duration} of virtual time, bytes, chances from 0 to 1.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.sim;

import org.jspecify.annotations.NullMarked;
