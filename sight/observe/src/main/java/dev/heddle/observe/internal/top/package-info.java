/**
 * What the tasks of a process do with their time, by name and by route, while somebody asks.
 *
 * <p>Read first: {@link dev.heddle.observe.internal.top.TaskClock}, then {@link
 * dev.heddle.observe.internal.top.TaskMeter}. Times are in nanoseconds, sizes in bytes.
 */
@NullMarked
package dev.heddle.observe.internal.top;

import org.jspecify.annotations.NullMarked;
