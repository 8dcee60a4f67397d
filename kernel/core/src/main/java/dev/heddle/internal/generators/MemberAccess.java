package dev.heddle.internal.generators;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rule of which members a class beside the host may use as the host does: those that are public or of the
 * package. Private ones of the host's nest, and protected ones of a superclass elsewhere, are the host's only.
 */
final class MemberAccess {

    private final Lookup inHost;

    MemberAccess(Lookup inHost) {
        this.inHost = inHost;
    }

    boolean isOpenField(ClassDesc owner, String name, ClassDesc type) {
        return isOpen(findField(resolve(owner), name, resolve(type)), owner, name);
    }

    boolean isOpenMethod(ClassDesc owner, String name, MethodTypeDesc type) {
        Class<?> in = resolve(owner);
        if (in.isArray() || in == MethodHandle.class || in == VarHandle.class) {
            return true; // clone(), and methods that fit any type
        }
        return isOpen(find(in, name, type.descriptorString()), owner, name);
    }

    /** Checks that the machine may name the types. */
    void requireNameable(MethodTypeDesc type) {
        resolve(type.returnType());
        for (ClassDesc each : type.parameterList()) {
            resolve(each);
        }
    }

    /** Whether a constant can be resolved outside of the host. */
    boolean isOpen(ConstantDesc constant) {
        if (constant instanceof DirectMethodHandleDesc handle) {
            return switch (handle.kind()) {
                case GETTER, SETTER, STATIC_GETTER, STATIC_SETTER -> false;
                case SPECIAL, INTERFACE_SPECIAL -> false;
                default -> isOpenMethod(handle.owner(), handle.methodName(), memberType(handle));
            };
        }
        return !(constant instanceof DynamicConstantDesc<?> dynamic)
                || (isOpen(dynamic.bootstrapMethod()) && areOpen(dynamic.bootstrapArgsList()));
    }

    boolean areOpen(List<ConstantDesc> constants) {
        for (ConstantDesc each : constants) {
            if (!isOpen(each)) {
                return false;
            }
        }
        return true;
    }

    /** The type of the method as its class declares it, without the receiver. */
    static MethodTypeDesc memberType(DirectMethodHandleDesc handle) {
        return MethodTypeDesc.ofDescriptor(handle.lookupDescriptor());
    }

    Class<?> resolve(ClassDesc type) {
        try {
            return type.resolveConstantDesc(inHost);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new Refused("it uses " + type.displayName() + ", which cannot be reached: " + e);
        }
    }

    private boolean isOpen(@Nullable Member member, ClassDesc owner, String name) {
        if (member == null) {
            throw new Refused("it uses " + owner.displayName() + "." + name + ", which is not there");
        }
        if (member instanceof Executable code && CallerSensitive.is(code)) {
            throw new Refused(
                    "it calls " + owner.displayName() + "." + name + ", which looks at the class of its caller");
        }
        int modifiers = member.getModifiers();
        if (Modifier.isPublic(modifiers)) {
            return true;
        }
        Class<?> host = inHost.lookupClass();
        Class<?> declaring = member.getDeclaringClass();
        return !Modifier.isPrivate(modifiers)
                && declaring.getClassLoader() == host.getClassLoader()
                && declaring.getPackageName().equals(host.getPackageName());
    }

    private static @Nullable Member findField(@Nullable Class<?> in, String name, Class<?> type) {
        if (in == null) {
            return null;
        }
        for (Field field : in.getDeclaredFields()) {
            if (field.getName().equals(name) && field.getType() == type) {
                return field;
            }
        }
        for (Class<?> each : in.getInterfaces()) {
            Member field = findField(each, name, type);
            if (field != null) {
                return field;
            }
        }
        return findField(in.getSuperclass(), name, type);
    }

    private static @Nullable Member find(Class<?> in, String name, String descriptor) {
        if (name.equals("<init>")) {
            for (Constructor<?> each : in.getDeclaredConstructors()) {
                if (descriptor(void.class, each.getParameterTypes()).equals(descriptor)) {
                    return each;
                }
            }
            return null;
        }
        Member method = findMethod(in, name, descriptor);
        return method == null && in.isInterface() ? findMethod(Object.class, name, descriptor) : method;
    }

    private static @Nullable Member findMethod(@Nullable Class<?> in, String name, String descriptor) {
        if (in == null) {
            return null;
        }
        for (Method each : in.getDeclaredMethods()) {
            if (each.getName().equals(name)
                    && descriptor(each.getReturnType(), each.getParameterTypes()).equals(descriptor)) {
                return each;
            }
        }
        Member inherited = findMethod(in.getSuperclass(), name, descriptor);
        for (Class<?> each : in.getInterfaces()) {
            if (inherited == null) {
                inherited = findMethod(each, name, descriptor);
            }
        }
        return inherited;
    }

    private static String descriptor(Class<?> result, Class<?>[] parameters) {
        return MethodType.methodType(result, parameters).descriptorString();
    }
}
