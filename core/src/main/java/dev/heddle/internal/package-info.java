/**
 * The one place that touches what the JDK keeps to itself: virtual threads on a scheduler of ours, what threads wait for, and
 * SIGQUIT. Not exported.
 *
 * <p>Read first: {@link dev.heddle.internal.VirtualThreads}.
 *
 * <p>A later JDK with a public way to choose a virtual thread's scheduler changes only this package.
 */
@NullMarked
package dev.heddle.internal;

import org.jspecify.annotations.NullMarked;
