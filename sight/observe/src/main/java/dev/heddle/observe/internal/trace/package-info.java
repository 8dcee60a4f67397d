/**
 * The flight recorder of loops, and the trace that it gives. A loop writes numbers into a ring, others read them meanwhile
 * and make slices and arrows of them.
 *
 * <p>Read first: {@link dev.heddle.observe.internal.trace.LoopRing}, {@link
 * dev.heddle.observe.internal.trace.LoopTimeline}, {@link dev.heddle.observe.internal.trace.TraceEvents}.
 */
@NullMarked
package dev.heddle.observe.internal.trace;

import org.jspecify.annotations.NullMarked;
