/**
 * Files without holding a loop up: read and written whole, as streams, under locks between processes, watched for
 * changes.
 *
 * <p>Read first: {@link dev.heddle.file.AsyncFiles}, the door; {@link dev.heddle.file.FileStream}; {@link
 * dev.heddle.file.FileChanges}.
 *
 * <p>Threads: an open file is for tasks of the loop that opened it; the blocking work is done by worker threads.
 *
 * <p>Cancellation: a cancelled call has waited for its worker, so that nothing touches the file behind its back.
 *
 * <p>Units: sizes, positions and limits are bytes, times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.file;

import org.jspecify.annotations.NullMarked;
