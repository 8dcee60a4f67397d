/**
 * What the modules of Heddle share and users do not see; and the one place that touches what the JDK keeps to itself:
 * virtual threads on a scheduler of ours, what threads wait for, and SIGQUIT. Exported to the other modules only.
 *
 * <p>Read first: {@link dev.heddle.internal.VirtualThreads}; {@link dev.heddle.internal.WaitLine}, the line behind all
 * waiting calls.
 *
 * <p>A later JDK with a public way to choose a virtual thread's scheduler changes only this package.
 */
@NullMarked
package dev.heddle.internal;

import org.jspecify.annotations.NullMarked;
