/** The page that {@code heddle page} shows, for a program's own server: {@link dev.heddle.observe.page.Page}. */
@NullMarked
package dev.heddle.observe.page;

import org.jspecify.annotations.NullMarked;
