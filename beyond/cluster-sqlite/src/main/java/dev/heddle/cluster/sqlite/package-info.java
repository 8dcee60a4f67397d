/**
 * A cluster's store in one file of SQLite, for the processes of one machine.
 *
 * <p>Read first: {@link dev.heddle.cluster.sqlite.SqliteStore}; there is nothing else to read.
 *
 * <p>Threads: a session works in tasks of the loop that has opened it, its statements on three workers of its own; its
 * calls come from anywhere. Cancellation: as {@link dev.heddle.cluster.store} says. Units: bytes and milliseconds.
 *
 * <p><strong>Experimental:</strong> may change in any release.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.cluster.sqlite;

import org.jspecify.annotations.NullMarked;
