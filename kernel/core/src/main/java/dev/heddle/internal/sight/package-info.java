/**
 * What the kernel and the modules above it let be seen of a running process, for the modules that show it. Exported to
 * siblings only.
 *
 * <p>Read first: {@link dev.heddle.internal.sight.Kernel} for loops and tasks; {@link dev.heddle.internal.sight.Parts},
 * the register of pools, queues, locks, servers and clients.
 */
@NullMarked
package dev.heddle.internal.sight;

import org.jspecify.annotations.NullMarked;
