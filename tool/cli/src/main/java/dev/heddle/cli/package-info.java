/**
 * The {@code heddle} command: fetches many URLs at once, serves a directory, loads a server, runs a source file, shows
 * a demo.
 *
 * <p>Read first: {@link dev.heddle.cli.Main}, {@code Fetcher}, {@code Screen}.
 *
 * <p>Threads: a command runs on one loop, or on several if asked to. Beside it there are two platform threads that may
 * block for as long as they like: one that reads the input list and one that owns the standard output and the terminal.
 *
 * <p>Cancellation: the first SIGINT or SIGTERM cancels the main task; a command then cleans up, prints what it has and
 * ends with 130 or 143, or with 129 after a SIGHUP. The second one ends the process at once.
 *
 * <p>Units: durations are {@link java.time.Duration} or nanoseconds where the name says so; sizes are bytes.
 */
@NullMarked
package dev.heddle.cli;

import org.jspecify.annotations.NullMarked;
