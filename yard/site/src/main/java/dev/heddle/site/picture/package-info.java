/**
 * The pictures of the documents: drawings of boxes, arrows and words, each made by a class of its own.
 *
 * <p>Read first: {@link dev.heddle.site.picture.Drawing}, the language; {@link dev.heddle.site.picture.TurnOfTheLoop},
 * a picture; {@link dev.heddle.site.picture.Pictures}, which writes all of them. Their SVG is checked in beside the
 * documents, since GitHub shows these as they are; a test compares it with what the classes make.
 */
@NullMarked
package dev.heddle.site.picture;

import org.jspecify.annotations.NullMarked;
