/** What a program calls to be seen: the rest comes by itself when this module is on the path. */
@NullMarked
package dev.heddle.observe;

import org.jspecify.annotations.NullMarked;
