/**
 * The parts of forms that are sent: where they begin and end, what their heads say, and names of files that are safe to
 * use.
 *
 * <p>Read first: {@link dev.heddle.http.internal.form.MultipartWindow}, {@link dev.heddle.http.internal.form.PartHead},
 * {@link dev.heddle.http.internal.form.SafeFilename}.
 */
@NullMarked
package dev.heddle.http.internal.form;

import org.jspecify.annotations.NullMarked;
