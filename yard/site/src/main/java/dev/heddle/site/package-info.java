/**
 * Makes one site of static pages from the project's documents, the sources of its examples and its javadoc. It can be
 * read without a server: search works on an index that is a script.
 *
 * <p>Read first: {@link dev.heddle.site.Site}, which says what becomes a page and where; {@link
 * dev.heddle.site.Markdown}, which makes it. A link in a document that leads nowhere fails the whole.
 */
@NullMarked
package dev.heddle.site;

import org.jspecify.annotations.NullMarked;
