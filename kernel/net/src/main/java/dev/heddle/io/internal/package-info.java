/**
 * What streams, sockets and files of this module share below their API: buffers of a loop and fairness.
 *
 * <p>Read first: {@link dev.heddle.io.internal.BufferPool}, {@link dev.heddle.io.internal.CoopBudget}.
 */
@NullMarked
package dev.heddle.io.internal;

import org.jspecify.annotations.NullMarked;
