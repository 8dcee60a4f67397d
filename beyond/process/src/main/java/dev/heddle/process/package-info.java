/**
 * Work in child JVMs: what must be killable, or must not take this JVM with it when it crashes.
 *
 * <p>Read first {@link dev.heddle.process.ProcessPool}, {@link dev.heddle.process.RemoteCallable} and {@link
 * dev.heddle.process.WorkerDiedException}; for what processes share, {@link dev.heddle.process.shared.Manager}.
 *
 * <p>Bodies travel by name, values as copies; what cannot travel is refused before it is sent. Nothing is serialized by
 * Java's own means, and nothing is read from a process that has not said the secret it was started with.
 *
 * <p>Threads: everything may be called from any task or thread. Cancellation: a cancelled body is interrupted in its
 * process, which is killed if that does not help. Sizes are bytes, times {@link java.time.Duration}s.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.process;

import org.jspecify.annotations.NullMarked;
