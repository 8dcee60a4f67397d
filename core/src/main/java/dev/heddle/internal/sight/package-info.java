/**
 * What the kernel lets be seen of a running process, for the modules that show it. Exported to siblings only.
 *
 * <p>Read first: {@link dev.heddle.internal.sight.Kernel}.
 */
@NullMarked
package dev.heddle.internal.sight;

import org.jspecify.annotations.NullMarked;
