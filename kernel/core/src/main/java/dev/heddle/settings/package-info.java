/**
 * Settings of a program, from the environment and from files, as a record of its own.
 *
 * <p>Read first: {@link dev.heddle.settings.Settings}; there is nothing else but its failure.
 *
 * <p>Threads: any, before loops or beside them; nothing waits but {@code Settings.file}, which reads. Cancellation: no
 * call looks for one. Units stand in the texts: {@code 500ms}, {@code 30s}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.settings;

import org.jspecify.annotations.NullMarked;
