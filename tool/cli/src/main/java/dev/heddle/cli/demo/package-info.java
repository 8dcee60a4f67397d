/** The command {@code heddle demo}: a made-up site and its crawl, on one loop. Read first: {@code Crawl}. */
@NullMarked
package dev.heddle.cli.demo;

import org.jspecify.annotations.NullMarked;
