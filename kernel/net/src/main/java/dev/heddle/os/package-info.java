/**
 * Programs of the system: subprocesses with streams, signals, the standard streams of this process, a progress bar on
 * its terminal, and the service manager that has started it.
 *
 * <p>Read first: {@link dev.heddle.os.Subprocess}, {@link dev.heddle.os.Signals}, {@link
 * dev.heddle.os.StandardStreams}.
 *
 * <p>Threads: tasks of the loop that made it. Cancellation: each method says what a cancelled call leaves behind; no
 * process stays.
 *
 * <p>Units: sizes and limits are bytes, times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.os;

import org.jspecify.annotations.NullMarked;
