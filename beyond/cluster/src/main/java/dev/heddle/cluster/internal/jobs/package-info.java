/**
 * The entries of a queue of jobs, and which node takes which. Read first: {@code JobKeys}, which names them all.
 *
 * <p>Threads: everything here is immutable, or belongs to one task.
 */
@NullMarked
package dev.heddle.cluster.internal.jobs;

import org.jspecify.annotations.NullMarked;
