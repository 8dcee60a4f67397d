/**
 * What the stores on databases have in common: rows, a session whose lease is a number that rises, commits in groups,
 * and a history that watches read.
 *
 * <p>Read first: {@link dev.heddle.cluster.sql.SqlSession}, then {@link dev.heddle.cluster.sql.SqlCommit}. A database
 * adds a {@link dev.heddle.cluster.sql.SqlDialect}.
 *
 * <p>Threads: a session works in tasks of the loop that has opened it, its statements on three workers of its own.
 * Cancellation: as {@link dev.heddle.cluster.store} says. Units: milliseconds and bytes.
 *
 * <p><strong>Experimental:</strong> may change in any release.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.cluster.sql;

import org.jspecify.annotations.NullMarked;
