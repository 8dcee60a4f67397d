/**
 * The body of a generator as a state machine: what a compiler with generators would have made of it.
 *
 * <p>Stages: {@link dev.heddle.internal.generators.BodyMethod} finds the code of a body in the class file of its class, {@link
 * dev.heddle.internal.generators.YieldPoints} looks where it yields and what is alive there, {@link
 * dev.heddle.internal.generators.MachineWriter} writes the class, and {@link dev.heddle.internal.generators.Rewriter}, the door,
 * defines it beside the original. Whichever stage meets what it is not sure of throws {@link
 * dev.heddle.internal.generators.Refused}, and the body runs in a continuation as ever.
 *
 * <p>Only the standard {@code java.lang.classfile} is used, and no flag of the JVM is needed.
 *
 * <p>The code here runs a few times and then never again. So it has hardly any lambdas, streams, switches over patterns and
 * texts put together: the JVM links each of those at its first use, for more than all the rest takes.
 */
@NullMarked
package dev.heddle.internal.generators;

import org.jspecify.annotations.NullMarked;
