/**
 * The page about a running program, in a browser: a server on this machine that gives on what the program tells.
 *
 * <p>Read first: {@link dev.heddle.cli.sight.page.PageServer}, which lets nobody in who has no token. The page itself
 * is in {@code dev.heddle.observe.page}.
 *
 * <p>Threads: tasks of one loop; what waits for the program does so on worker threads. Units: milliseconds.
 */
@NullMarked
package dev.heddle.cli.sight.page;

import org.jspecify.annotations.NullMarked;
