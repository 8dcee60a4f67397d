/**
 * What the page is made of: its routes, its files, and the programs that are asked for it.
 *
 * <p>Read first: {@link dev.heddle.observe.page.internal.PageRoutes} and {@link
 * dev.heddle.observe.page.internal.Overview}; then {@code page.js} beside them.
 *
 * <p>Threads: tasks of any loop; what waits for a program does so on worker threads. Units: milliseconds.
 */
@NullMarked
package dev.heddle.observe.page.internal;

import org.jspecify.annotations.NullMarked;
