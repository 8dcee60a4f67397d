package dev.heddle.internal.generators;

import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;

/**
 * The classes of a kind of generator: the interface of its bodies and what they yield to.
 *
 * @param factory the class whose {@code of} takes a body
 */
record Outs(Class<?> factory, Class<?> body, Class<?> out) {

    ClassDesc outType() {
        return out.describeConstable().orElseThrow();
    }

    /** Whether a call is one where the body may be suspended. */
    boolean isYield(InvokeInstruction call) {
        if (!call.owner().asSymbol().equals(outType())) {
            return false;
        }
        String name = call.name().stringValue();
        if (name.equals("yield") || name.equals("yieldFrom")) {
            return true;
        }
        throw new Refused("it calls " + name);
    }
}
