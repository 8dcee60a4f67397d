/**
 * The system calls of Linux below the engines, and the services that need nothing but them.
 *
 * <p>Read first: {@link dev.heddle.linux.internal.SystemCalls}, the one door to the system calls.
 */
@NullMarked
package dev.heddle.linux.internal;

import org.jspecify.annotations.NullMarked;
