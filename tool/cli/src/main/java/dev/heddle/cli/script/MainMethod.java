package dev.heddle.cli.script;

import dev.heddle.cli.command.FailureException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The method that a program begins with, as JLS 12.1.4 chooses it: with arguments before one without. */
final class MainMethod {

    private final Class<?> type;
    private final Method method;

    private MainMethod(Class<?> type, Method method) {
        this.type = type;
        this.method = method;
    }

    /**
     * Looks it up.
     *
     * @throws FailureException if there is none
     */
    static MainMethod of(Class<?> type) {
        Method method = find(type, String[].class);
        if (method == null) {
            method = find(type);
        }
        if (method == null) {
            throw new FailureException("can't find main(String[]) or main() method in class: " + type.getName());
        }
        return new MainMethod(type, method);
    }

    private static @Nullable Method find(Class<?> type, Class<?>... parameters) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            Method method = declared(each, parameters);
            if (method != null) {
                return method;
            }
        }
        for (Method inherited : type.getMethods()) {
            if (fits(inherited, parameters)) {
                return inherited;
            }
        }
        return null;
    }

    private static @Nullable Method declared(Class<?> type, Class<?>... parameters) {
        for (Method each : type.getDeclaredMethods()) {
            if (fits(each, parameters)) {
                return each;
            }
        }
        return null;
    }

    private static boolean fits(Method method, Class<?>... parameters) {
        return method.getName().equals("main")
                && method.getReturnType() == void.class
                && Arrays.equals(method.getParameterTypes(), parameters)
                && (method.getModifiers() & (Modifier.PRIVATE | Modifier.ABSTRACT)) == 0;
    }

    /** Runs it. What it throws comes out as it is, with the frames of the program alone. */
    void run(List<String> arguments) throws Throwable {
        try {
            @Nullable Object target = Modifier.isStatic(method.getModifiers()) ? null : make();
            method.setAccessible(true);
            if (method.getParameterCount() == 0) {
                method.invoke(target);
            } else {
                method.invoke(target, (Object) arguments.toArray(new String[0]));
            }
        } catch (InvocationTargetException e) {
            throw withoutOurFrames(Objects.requireNonNull(e.getCause()));
        }
    }

    private Object make() throws ReflectiveOperationException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            if (Modifier.isPrivate(constructor.getModifiers())) {
                throw new FailureException("the constructor of " + type.getName() + " is private");
            }
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new FailureException("class " + type.getName() + " has no constructor without parameters", e);
        }
    }

    private static Throwable withoutOurFrames(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        int end = frames.length;
        for (int i = 0; i < frames.length && end == frames.length; i++) {
            if (frames[i].getClassName().startsWith("jdk.internal.reflect.")
                    && Arrays.stream(frames, i, frames.length)
                            .anyMatch(frame -> frame.getClassName().equals(MainMethod.class.getName()))
                    && Arrays.stream(frames, i, frames.length)
                            .allMatch(frame -> isOurs(frame.getClassName()))) {
                end = i;
            }
        }
        failure.setStackTrace(Arrays.copyOf(frames, end));
        return failure;
    }

    private static boolean isOurs(String name) {
        return name.startsWith("jdk.internal.reflect.") || name.startsWith("java.lang.reflect.")
                || name.equals(MainMethod.class.getName()) || name.equals(ScriptMain.class.getName());
    }
}
