/**
 * The command {@code heddle doctor}: what Heddle finds on this machine, what fails or is slower than it could be, and
 * how to change it.
 *
 * <p>Read first: {@link dev.heddle.cli.doctor.DoctorCommand}, {@code Finding}, {@code JvmCheck}.
 *
 * <p>Threads: one, the program's main thread; one loop is made and ended.
 */
@NullMarked
package dev.heddle.cli.doctor;

import org.jspecify.annotations.NullMarked;
