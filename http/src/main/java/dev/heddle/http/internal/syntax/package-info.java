/**
 * The grammar of HTTP's words: tokens, field values, addresses, media types. Leaves of the module: nothing here knows another package of it,
 * waits, or belongs to a loop.
 */
@NullMarked
package dev.heddle.http.internal.syntax;

import org.jspecify.annotations.NullMarked;
