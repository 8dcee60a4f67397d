/**
 * The page that {@code heddle page} shows, for a program's own server: {@link dev.heddle.observe.page.Page}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.observe.page;

import org.jspecify.annotations.NullMarked;
