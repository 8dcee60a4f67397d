package dev.heddle.process.internal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A maker of lambdas of one place in the source, out of what {@link Functions} has said of them. The class that wrote
 * the lambda makes it, by the method {@code $deserializeLambda$} that the compiler has put there; it knows its own
 * lambdas and no others.
 */
final class FunctionMaker {

    /**
     * The makers that a codec has needed, by the bytes that name them. Bodies of a pool are of few places in the
     * source.
     */
    static final class Known {

        private static final int MAX = 1_000;

        private final Map<Names, FunctionMaker> makers = new ConcurrentHashMap<>();

        FunctionMaker get(byte[] names, ClassLoader loader) {
            var key = new Names(names, loader);
            FunctionMaker maker = makers.get(key);
            if (maker == null) {
                maker = new FunctionMaker(names, loader);
                if (makers.size() >= MAX) {
                    makers.clear();
                }
                makers.put(key, maker);
            }
            return maker;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by content
    private record Names(byte[] bytes, ClassLoader loader) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Names names && loader == names.loader && Arrays.equals(bytes, names.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private static final MethodType MAKE = MethodType.methodType(Object.class, SerializedLambda.class);

    private final Class<?> owner;
    private final String type;
    private final String method;
    private final String signature;
    private final int kind;
    private final String implClass;
    private final String implMethod;
    private final String implSignature;
    private final String instantiated;
    private final MethodHandle maker;

    private FunctionMaker(byte[] names, ClassLoader loader) {
        var in = new Input(names, 0, names.length);
        String capturing = in.readString().replace('/', '.');
        type = in.readString();
        method = in.readString();
        signature = in.readString();
        kind = in.readByte();
        implClass = in.readString();
        implMethod = in.readString();
        implSignature = in.readString();
        instantiated = in.readString();
        owner = Decoder.load(capturing, loader);
        maker = maker(owner);
    }

    private static MethodHandle maker(Class<?> owner) {
        try {
            Method method = owner.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(MAKE);
        } catch (InaccessibleObjectException | ReflectiveOperationException e) {
            throw new UnreadableException("the functions of " + owner.getName() + " cannot be made: " + e, e);
        }
    }

    @SuppressWarnings("NullAway") // what a lambda has captured may be null
    Object make(@Nullable Object[] captured) {
        var lambda = new SerializedLambda(
                owner, type, method, signature, kind, implClass, implMethod, implSignature, instantiated, captured);
        try {
            return (Object) maker.invokeExact(lambda);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new UnreadableException(
                    owner.getName() + " has no such function here; is its class the same in both processes?", e);
        }
    }
}
