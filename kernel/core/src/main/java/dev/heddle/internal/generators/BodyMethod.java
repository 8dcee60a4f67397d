package dev.heddle.internal.generators;

import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The method that a body is, in the class file of its class.
 *
 * @param host its class
 * @param captured what gives the receiver and the values that a lambda has captured; null if the body is the receiver
 */
record BodyMethod(Outs outs, Class<?> host, ClassModel model, MethodModel method,
        @Nullable List<MethodHandle> captured) {

    BodyMethod {
        if (method.code().isEmpty()) {
            throw new Refused("it has no code");
        }
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
            throw new Refused("it is synchronized");
        }
        ClassDesc result = method.methodTypeSymbol().returnType();
        if (result.isPrimitive() && !result.equals(ConstantDescs.CD_void)) {
            throw new Refused("its result is a primitive value");
        }
    }

    /** The body that an object of an ordinary class is. */
    static BodyMethod ofObject(Outs outs, Class<?> body) {
        Method run;
        try {
            run = body.getMethod("run", outs.out());
        } catch (NoSuchMethodException | LinkageError e) {
            throw new Refused("its method cannot be found: " + e);
        }
        Class<?> host = run.getDeclaringClass();
        if (host.isInterface() || host.isHidden()) {
            throw new Refused("its method is not one of an ordinary class");
        }
        var file = new HostFile(host);
        return new BodyMethod(outs, host, file.model(), file.method("run", descriptor(run)),
                null);
    }

    private static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes()).descriptorString();
    }

    CodeAttribute code() {
        return (CodeAttribute) method.code().orElseThrow();
    }

    String name() {
        return method.methodName().stringValue();
    }

    boolean isStatic() {
        return method.flags().has(AccessFlag.STATIC);
    }

    /** A parameter, the receiver among them. */
    record Parameter(int slot, ClassDesc type) {

        /** The slot behind it. */
        int end() {
            return slot + TypeKind.from(type).slotSize();
        }

        TypeKind kind() {
            return TypeKind.from(type);
        }
    }

    /** Its receiver, what it has captured, and its out, as its local variables begin with them. */
    List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        int slot = 0;
        for (ClassDesc type : parameterTypes()) {
            var parameter = new Parameter(slot, type);
            all.add(parameter);
            slot = parameter.end();
        }
        return all;
    }

    List<ClassDesc> parameterTypes() {
        List<ClassDesc> types = new ArrayList<>();
        if (!isStatic()) {
            types.add(model.thisClass().asSymbol());
        }
        types.addAll(method.methodTypeSymbol().parameterList());
        return types;
    }

    /** How many slots they take. */
    int parameterSlots() {
        return parameters().getLast().end();
    }
}
