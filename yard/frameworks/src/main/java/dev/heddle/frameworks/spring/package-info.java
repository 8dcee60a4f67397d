/** A Spring application whose pages come from tasks of one loop. */
@NullMarked
package dev.heddle.frameworks.spring;

import org.jspecify.annotations.NullMarked;
