package dev.heddle.internal.generators;

import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DirectMethodHandleDesc.Kind;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.LambdaMetafactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lambda as the compiler has written it down, or as a machine has copied that.
 *
 * @param host the class whose code it is in
 * @param site what makes it: from what it has captured, an object of its interface
 * @param method the type of the interface's method, erased
 * @param code its code
 * @param exact the type of the interface's method, as it is called
 */
record LambdaSpec(
        Class<?> host, MethodTypeDesc site, MethodTypeDesc method, DirectMethodHandleDesc code, MethodTypeDesc exact) {

    private static final ClassDesc METAFACTORY = LambdaMetafactory.class.describeConstable().orElseThrow();

    /** What a call site makes; null if that is no plain lambda. */
    static @Nullable LambdaSpec of(InvokeDynamicInstruction site, Class<?> caller) {
        DirectMethodHandleDesc bootstrap = site.bootstrapMethod();
        List<ConstantDesc> args = site.bootstrapArgs();
        if (bootstrap.owner().equals(METAFACTORY) && bootstrap.methodName().equals("metafactory")) {
            return new LambdaSpec(
                    caller,
                    site.typeSymbol(),
                    (MethodTypeDesc) args.get(0),
                    (DirectMethodHandleDesc) args.get(1),
                    (MethodTypeDesc) args.get(2));
        }
        Class<?> host = Machines.hostOf(caller);
        if (host == null || !bootstrap.owner().equals(caller.describeConstable().orElseThrow()) || args.size() != 7) {
            return null;
        }
        return new LambdaSpec(
                host,
                site.typeSymbol(),
                (MethodTypeDesc) args.get(5),
                decode(args),
                (MethodTypeDesc) args.get(6));
    }

    /** What the call site of a machine hands to {@link Links#link}. */
    static List<ConstantDesc> encode(ClassDesc host, LambdaSpec spec) {
        DirectMethodHandleDesc code = spec.code();
        return List.of(
                host,
                code.owner(),
                code.methodName(),
                MemberAccess.memberType(code),
                code.refKind(),
                spec.method(),
                spec.exact());
    }

    private static DirectMethodHandleDesc decode(List<ConstantDesc> args) {
        Kind kind = Kind.valueOf((int) args.get(4));
        return MethodHandleDesc.of(
                kind, (ClassDesc) args.get(1), (String) args.get(2), ((MethodTypeDesc) args.get(3)).descriptorString());
    }

    /** The nest of the class in whose name a class acts. */
    static Class<?> nestHostOf(Class<?> caller) {
        Class<?> host = Machines.hostOf(caller);
        return (host == null ? caller : host).getNestHost();
    }

    ClassDesc result() {
        return site.returnType();
    }

    List<ClassDesc> captured() {
        return site.parameterList();
    }
}
