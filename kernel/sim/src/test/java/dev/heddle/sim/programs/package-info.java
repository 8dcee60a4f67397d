/**
 * Random programs: small programs out of the whole public API are written by chance, run in the simulator and checked
 * against a slow, obvious model of what Heddle promises.
 *
 * <p>Begin with {@link dev.heddle.sim.programs.Program}, {@link dev.heddle.sim.programs.Interpreter} and {@link
 * dev.heddle.sim.programs.Model}. {@link dev.heddle.sim.programs.ProgramSearch} has a main method.
 */
package dev.heddle.sim.programs;
