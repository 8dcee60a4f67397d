/** The parts of forms that are sent: where they begin and end, what their heads say, and names of files that are safe to use. */
@NullMarked
package dev.heddle.http.internal.form;

import org.jspecify.annotations.NullMarked;
