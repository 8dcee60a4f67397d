package dev.heddle.internal.generators;

import java.lang.StackWalker.StackFrame;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place where a lambda is written, in the call that makes a generator of it.
 *
 * <p>The class of a lambda has no file, but that of its caller has, and a stack frame knows the instruction it is at. If
 * the one before it makes a lambda, then that is the body, for certain: nothing else can be on top of the stack.
 */
final class LambdaSite {

    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    private final Outs outs;
    private final Class<?> lambda;
    private final Class<?> caller;
    private final String name;
    private final String descriptor;
    private final int bci;

    LambdaSite(Outs outs, Class<?> lambda, StackFrame at) {
        this.outs = outs;
        this.lambda = lambda;
        this.caller = at.getDeclaringClass();
        this.name = at.getMethodName();
        this.descriptor = at.getDescriptor();
        this.bci = at.getByteCodeIndex();
    }

    BodyMethod find() {
        if (caller.isHidden() || lambda.getNestHost() != LambdaSpec.nestHostOf(caller)) {
            throw notInTheCall();
        }
        var file = new HostFile(caller);
        LambdaSpec spec = LambdaSpec.of(siteIn(file.method(name, descriptor)), caller);
        if (spec == null || !spec.result().equals(outs.body().describeConstable().orElseThrow())) {
            throw notInTheCall();
        }
        return bodyOf(spec, spec.host() == caller ? file : new HostFile(spec.host()));
    }

    private static Refused notInTheCall() {
        return new Refused(
                "it is not written in the call that makes the generator, nor an object of an ordinary class");
    }

    private InvokeDynamicInstruction siteIn(MethodModel method) {
        InvokeDynamicInstruction last = null;
        int at = 0;
        for (CodeElement element : method.code().orElseThrow()) {
            if (element instanceof LabelTarget) {
                last = null; // where two ways meet, it may be either of two lambdas
            } else if (element instanceof Instruction instruction) {
                if (at == bci) {
                    return requireSite(last, instruction);
                }
                last = instruction instanceof InvokeDynamicInstruction dynamic ? dynamic : null;
                at += instruction.sizeInBytes();
            }
        }
        throw notInTheCall();
    }

    private InvokeDynamicInstruction requireSite(@Nullable InvokeDynamicInstruction last, Instruction call) {
        if (last == null
                || !(call instanceof InvokeInstruction invoke)
                || !invoke.name().equalsString("of")
                || !invoke.owner().asSymbol().equals(outs.factory().describeConstable().orElseThrow())) {
            throw notInTheCall();
        }
        return last;
    }

    private BodyMethod bodyOf(LambdaSpec spec, HostFile file) {
        DirectMethodHandleDesc code = spec.code();
        if (!code.owner().equals(file.model().thisClass().asSymbol())) {
            throw new Refused("it is a reference to a method of another class");
        }
        MethodModel method = file.method(code.methodName(), code.lookupDescriptor());
        if (!method.flags().has(AccessFlag.STATIC)
                && !method.flags().has(AccessFlag.PRIVATE)
                && !method.flags().has(AccessFlag.FINAL)) {
            throw new Refused("it is a reference to a method that may be overridden");
        }
        var body = new BodyMethod(outs, spec.host(), file.model(), method, captured(spec.captured()));
        List<ClassDesc> given = new ArrayList<>(spec.captured());
        given.add(outs.outType());
        if (!body.parameterTypes().equals(given)) {
            throw new Refused("it is a method reference whose arguments are converted");
        }
        return body;
    }

    /** The fields in which the JDK keeps what a lambda has captured. */
    private List<MethodHandle> captured(List<ClassDesc> types) {
        List<MethodHandle> getters = new ArrayList<>();
        try {
            int fields = 0;
            for (Field field : lambda.getDeclaredFields()) {
                fields += Modifier.isStatic(field.getModifiers()) ? 0 : 1;
            }
            for (int i = 0; i < types.size(); i++) {
                Field field = lambda.getDeclaredField("arg$".concat(Integer.toString(i + 1)));
                if (fields != types.size()
                        || !field.getType().descriptorString().equals(types.get(i).descriptorString())) {
                    throw new Refused("what it has captured is not where the JDK keeps it");
                }
                field.setAccessible(true);
                getters.add(MethodHandles.lookup().unreflectGetter(field).asType(GETTER));
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw e instanceof Refused refused ? refused : new Refused("what it has captured cannot be read: " + e);
        }
        return getters;
    }
}
