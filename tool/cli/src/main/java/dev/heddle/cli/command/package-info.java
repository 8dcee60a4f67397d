/**
 * What each command is made of: arguments, streams, exit codes, and text that is safe for a terminal.
 *
 * <p>Read first: {@link dev.heddle.cli.command.Command}, {@link dev.heddle.cli.command.Arguments}, {@link
 * dev.heddle.cli.command.HumanFormat}.
 *
 * <p>Threads: those of the command. Units: durations are {@link java.time.Duration} or nanoseconds where the name says
 * so; sizes are bytes.
 */
@NullMarked
package dev.heddle.cli.command;

import org.jspecify.annotations.NullMarked;
