/**
 * Engines for Linux that call the kernel through the FFM API: no C library of ours, nothing to install.
 *
 * <p>Read first: {@link dev.heddle.linux.EpollEngine}, {@link dev.heddle.linux.UringEngine}, and {@code SystemCalls}, the
 * one door to the system calls.
 *
 * <p>Threads: an engine belongs to one loop; only its {@code wake} is for any thread.
 *
 * <p>Cancellation: as {@link dev.heddle.engine.Engine} says.
 *
 * <p>Units: nanoseconds where the name says so, bytes. Descriptors are the numbers of the system.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.linux;

import org.jspecify.annotations.NullMarked;
