/**
 * The commands that look into running programs. They ask over the programs' sockets and print what they are told, which
 * may hold anything: a {@link dev.heddle.cli.sight.AnswerLine} gives texts that are safe for a terminal.
 *
 * <p>Read first: {@link dev.heddle.cli.sight.Programs}, {@link dev.heddle.cli.sight.Program}, {@link
 * dev.heddle.cli.sight.ProgramAnswer}.
 *
 * <p>Threads: those of the command; no loop. Units: milliseconds and nanoseconds where the name says so.
 */
@NullMarked
package dev.heddle.cli.sight;

import org.jspecify.annotations.NullMarked;
