package dev.heddle.bench;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * One of the examples, a program in a compact source file. Its class has no name that other code could use, so its
 * methods are called by theirs.
 */
final class Example {

    private final Object program;

    private Example(Object program) {
        this.program = program;
    }

    /** A fresh instance of the program in {@code name.java}. */
    static Example of(String name) {
        try {
            Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
            constructor.setAccessible(true);
            return new Example(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no example is named " + name, e);
        }
    }

    /** Calls the method of that name that takes these arguments. */
    void call(String name, Object... arguments) throws Exception {
        Method method = Stream.of(program.getClass().getDeclaredMethods())
                .filter(each -> each.getName().equals(name) && takes(each, arguments))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        program.getClass() + " has no " + name + " for " + Arrays.toString(arguments)));
        method.setAccessible(true);
        try {
            method.invoke(program, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static boolean takes(Method method, Object[] arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!(types[i] == int.class ? arguments[i] instanceof Integer : types[i].isInstance(arguments[i]))) {
                return false;
            }
        }
        return true;
    }
}
