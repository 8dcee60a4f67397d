/**
 * Generators and coroutines: bodies that give control away in their middle and get it back there.
 *
 * <p>Read first: {@link dev.heddle.generators.Generator}, a sequence written as a body that yields; {@link
 * dev.heddle.generators.DuplexGenerator}, which takes values as well; {@link dev.heddle.generators.Coroutine}, whose body
 * says who goes on. Hidden: {@code GeneratorCore}, the consumer's side, over {@code GeneratorBody}, the body's, which runs
 * by a {@code MachineRun}, {@code StrandRun} or {@code PushGenerator}; {@code OpenGenerators}, what a task closes at its
 * end.
 *
 * <p>Threads: a generator or coroutine belongs to the task, or the thread, that began it. No loop is needed.
 *
 * <p>Cancellation: a body runs in the cancel scope of whoever resumes it, and a cancelled wait in the body ends it.
 *
 * <p>Units: elements.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.generators;

import org.jspecify.annotations.NullMarked;
