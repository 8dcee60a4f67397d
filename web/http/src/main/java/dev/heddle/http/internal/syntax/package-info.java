/**
 * The grammar of HTTP's words: tokens, field values, addresses, media types. Leaves of the module: nothing here knows
 * another package of it, waits, or belongs to a loop.
 *
 * <p>Read first: {@link dev.heddle.http.internal.syntax.FieldSyntax}, {@link
 * dev.heddle.http.internal.syntax.Authority}, {@link dev.heddle.http.internal.syntax.ContentTypes}.
 */
@NullMarked
package dev.heddle.http.internal.syntax;

import org.jspecify.annotations.NullMarked;
