/** The command {@code heddle fetch}: many URLs at once. Read first: {@code Fetcher}, {@code PageFetch}. */
@NullMarked
package dev.heddle.cli.fetch;

import org.jspecify.annotations.NullMarked;
