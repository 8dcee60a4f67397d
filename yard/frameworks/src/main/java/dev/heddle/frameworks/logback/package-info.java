/** What shows in the lines of Logback which task they come from. */
@NullMarked
package dev.heddle.frameworks.logback;

import org.jspecify.annotations.NullMarked;
