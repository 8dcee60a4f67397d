/**
 * The search for waits that nothing reachable can end, in a heap dump of the program.
 *
 * <p>Read first: {@link dev.heddle.cli.sight.leaks.LeakSearch}, which has the idea; then {@link
 * dev.heddle.cli.sight.leaks.Heap}, the objects of a dump, and {@link dev.heddle.cli.sight.leaks.HprofReader}, its
 * records.
 *
 * <p>Threads: one. Memory: a place in a table for each object that refers to others; the objects stay in the file.
 */
@NullMarked
package dev.heddle.cli.sight.leaks;

import org.jspecify.annotations.NullMarked;
