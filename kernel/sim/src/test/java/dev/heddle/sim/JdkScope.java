package dev.heddle.sim;

import dev.heddle.SpawnsForCaller;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;

/**
 * A structured task scope of the JDK (JEP 505), called by reflection: a preview in JDK 25, so a class that names it
 * starts only with a flag.
 */
@SpawnsForCaller
public final class JdkScope implements AutoCloseable {

    private static final Class<?> SCOPE = type("StructuredTaskScope");
    private static final Class<?> JOINER = type("StructuredTaskScope$Joiner");
    private static final Class<?> CONFIGURATION = type("StructuredTaskScope$Configuration");
    private static final Class<?> SUBTASK = type("StructuredTaskScope$Subtask");

    private final Object scope;

    /** Opens one with forks of a factory and one of the joiners without arguments. */
    public JdkScope(String joiner, ThreadFactory forks) {
        UnaryOperator<Object> configure = config -> call(method(CONFIGURATION, "withThreadFactory", 1), config, forks);
        scope = call(method(SCOPE, "open", 2), null, call(method(JOINER, joiner, 0), null), configure);
    }

    /** A fork of it, which has a state, a result and an exception. */
    public record Fork(Object subtask) {

        public Object get() {
            return call(method(SUBTASK, "get", 0), subtask);
        }

        public Throwable exception() {
            return (Throwable) call(method(SUBTASK, "exception", 0), subtask);
        }

        public String state() {
            return call(method(SUBTASK, "state", 0), subtask).toString();
        }
    }

    public Fork fork(Callable<?> body) {
        Method fork = Arrays.stream(SCOPE.getMethods())
                .filter(each -> each.getName().equals("fork") && each.getParameterTypes()[0] == Callable.class)
                .findFirst()
                .orElseThrow();
        return new Fork(call(fork, scope, body));
    }

    public Object join() {
        return call(method(SCOPE, "join", 0), scope);
    }

    @Override
    public void close() {
        call(method(SCOPE, "close", 0), scope);
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName("java.util.concurrent." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Method method(Class<?> type, String name, int parameters) {
        return Arrays.stream(type.getMethods())
                .filter(each -> each.getName().equals(name) && each.getParameterCount() == parameters)
                .findFirst()
                .orElseThrow();
    }

    private static Object call(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw JdkScope.<RuntimeException>asIs(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the methods throw it
    private static <E extends Throwable> E asIs(Throwable e) throws E {
        throw (E) e;
    }
}
