package dev.heddle.process;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Lambdas and method references by name: what {@link SerializedLambda} says of one is enough to make it again in a process with the same
 * classes. The class that wrote the lambda makes it, by the method {@code $deserializeLambda$} that the compiler has put there; it knows
 * its own lambdas and no others.
 */
final class Functions {

    private Functions() {}

    /** What a lambda of a serializable type says of itself; null for everything else. */
    static @Nullable SerializedLambda describe(Object value) {
        if (!(value instanceof Serializable) || !value.getClass().isHidden()) {
            return null;
        }
        try {
            Method method = value.getClass().getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return method.invoke(value) instanceof SerializedLambda lambda ? lambda : null;
        } catch (NoSuchMethodException e) {
            return null;
        } catch (InaccessibleObjectException | ReflectiveOperationException e) {
            throw new Encoder.Refused("the function " + value.getClass().getTypeName()
                    + " cannot be described; open its package to dev.heddle.process in module-info.java");
        }
    }

    /** Makes the lambda again. */
    static Object make(Class<?> capturing, SerializedLambda lambda) {
        try {
            Method method = capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
            method.setAccessible(true);
            return method.invoke(null, lambda);
        } catch (InvocationTargetException e) {
            throw new UnreadableException(
                    capturing.getName() + " has no such function here; is its class the same in both processes?",
                    e.getCause());
        } catch (InaccessibleObjectException | ReflectiveOperationException e) {
            throw new UnreadableException("the function of " + capturing.getName() + " cannot be made: " + e, e);
        }
    }
}
