/** The command {@code heddle serve}: a directory over HTTP. Read first: {@code ServeProgram}. */
@NullMarked
package dev.heddle.cli.serve;

import org.jspecify.annotations.NullMarked;
