/** Bodies that are done elsewhere: their futures, and what every pool of such bodies does. */
@NullMarked
package dev.heddle.process.internal.work;

import org.jspecify.annotations.NullMarked;
