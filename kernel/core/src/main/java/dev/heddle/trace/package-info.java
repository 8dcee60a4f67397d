/**
 * The context of a distributed trace, as it goes along with the work of a program and from one to the next.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.trace;

import org.jspecify.annotations.NullMarked;
