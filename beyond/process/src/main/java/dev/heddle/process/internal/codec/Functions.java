package dev.heddle.process.internal.codec;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * The names of lambdas and method references: what {@link SerializedLambda} says of one is enough to make it again in a
 * process with the same classes, as {@link FunctionMaker} does.
 *
 * <p>All lambdas of one place in the source are of one class, and differ in what they have captured only. So the names
 * are encoded once for each class.
 */
final class Functions {

    private static final int MAX_NAMES_BYTES = 1 << 20;
    private static final MethodType DESCRIBE = MethodType.methodType(Object.class, Object.class);

    private static final ClassValue<Functions> BY_CLASS = new ClassValue<>() {
        @Override
        protected Functions computeValue(Class<?> type) {
            return new Functions(describer(type));
        }
    };

    private final @Nullable MethodHandle describer;
    private volatile byte @Nullable [] names;

    private Functions(@Nullable MethodHandle describer) {
        this.describer = describer;
    }

    private static @Nullable MethodHandle describer(Class<?> type) {
        try {
            Method method = type.getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(DESCRIBE);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            throw new Encoder.Refused("the function " + type.getTypeName()
                    + " cannot be described; open its package to dev.heddle.process in module-info.java");
        }
    }

    /** What a lambda of a serializable type says of itself; null for everything else. */
    static @Nullable SerializedLambda describe(Object value) {
        if (!(value instanceof Serializable) || !value.getClass().isHidden()) {
            return null;
        }
        MethodHandle describer = BY_CLASS.get(value.getClass()).describer;
        if (describer == null) {
            return null;
        }
        try {
            return (Object) describer.invokeExact(value) instanceof SerializedLambda lambda ? lambda : null;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a lambda threw while it described itself", e);
        }
    }

    /** All of a lambda but what it has captured, encoded. */
    static byte[] names(Object value, SerializedLambda lambda) {
        Functions known = BY_CLASS.get(value.getClass());
        byte[] names = known.names;
        if (names == null) {
            names = encode(lambda);
            known.names = names;
        }
        return names;
    }

    private static byte[] encode(SerializedLambda lambda) {
        var out = new Output(MAX_NAMES_BYTES);
        out.putString(lambda.getCapturingClass());
        out.putString(lambda.getFunctionalInterfaceClass());
        out.putString(lambda.getFunctionalInterfaceMethodName());
        out.putString(lambda.getFunctionalInterfaceMethodSignature());
        out.putByte(lambda.getImplMethodKind());
        out.putString(lambda.getImplClass());
        out.putString(lambda.getImplMethodName());
        out.putString(lambda.getImplMethodSignature());
        out.putString(lambda.getInstantiatedMethodType());
        return out.toBytes();
    }
}
