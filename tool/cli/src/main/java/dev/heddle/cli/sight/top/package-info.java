/**
 * The full screen of {@code heddle top}: its state is a value, its picture a pure function of that, and the terminal is
 * asked of the system.
 *
 * <p>Read first: {@link dev.heddle.cli.sight.top.TopCommand}, {@link dev.heddle.cli.sight.top.TopState}, {@link
 * dev.heddle.cli.sight.top.TopPicture}.
 */
@NullMarked
package dev.heddle.cli.sight.top;

import org.jspecify.annotations.NullMarked;
