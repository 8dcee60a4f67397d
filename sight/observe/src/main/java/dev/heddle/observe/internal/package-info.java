/**
 * The answers of a process to tools that look into it: requests, the views that answer them, and the lines of JSON that
 * they write.
 *
 * <p>Read first: {@link dev.heddle.observe.internal.View}, {@link dev.heddle.observe.internal.JsonLines}.
 */
@NullMarked
package dev.heddle.observe.internal;

import org.jspecify.annotations.NullMarked;
