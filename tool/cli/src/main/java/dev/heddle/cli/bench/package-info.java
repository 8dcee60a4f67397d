/** The command {@code heddle bench}: a load on a server, and its report. Read first: {@code BenchRun}, {@code Load}. */
@NullMarked
package dev.heddle.cli.bench;

import org.jspecify.annotations.NullMarked;
