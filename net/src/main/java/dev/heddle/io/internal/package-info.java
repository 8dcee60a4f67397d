/**
 * What streams, sockets and files of this module share below their API: buffers of a loop, fairness, a wait of one task.
 *
 * <p>Read first: {@link dev.heddle.io.internal.BufferPool}, {@link dev.heddle.io.internal.CoopBudget}, {@link
 * dev.heddle.io.internal.Wakeup}.
 */
@NullMarked
package dev.heddle.io.internal;

import org.jspecify.annotations.NullMarked;
