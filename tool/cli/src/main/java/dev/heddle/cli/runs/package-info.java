/** Runs of a load, kept in a page that compares them. */
@NullMarked
package dev.heddle.cli.runs;

import org.jspecify.annotations.NullMarked;
