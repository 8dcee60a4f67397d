/**
 * What {@code heddle run} starts: a source file is compiled once, kept, and run in the JVM that was started for it.
 *
 * <p>Read first: {@link dev.heddle.cli.script.ScriptMain}, {@link dev.heddle.cli.script.ScriptCache}, {@link
 * dev.heddle.cli.script.ScriptArguments}.
 *
 * <p>Threads: all of this runs on the main thread, before the program does.
 */
@NullMarked
package dev.heddle.cli.script;

import org.jspecify.annotations.NullMarked;
