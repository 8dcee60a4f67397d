package dev.heddle.process.shared;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of a shared interface, by numbers that are the same in each process that has the same class. */
final class CallTable {

    /** Interfaces whose elements, arguments of the type of a type variable, the manager never decodes. */
    private static final Set<Class<?>> OPAQUE = Set.of(PipeEnd.class);

    private static final ClassValue<CallTable> TABLES = new ClassValue<>() {
        @Override
        protected CallTable computeValue(Class<?> type) {
            return new CallTable(type);
        }
    };

    /**
     * One method.
     *
     * @param text for people: {@code Account.pay}
     * @param prompt whether it never waits for more than the manager
     * @param elements which arguments are elements, from bit 0
     * @param body what a default method of an interface that is not public does
     */
    record Entry(
            int number, Method method, String text, boolean prompt, long elements, @Nullable MethodHandle body) {

        /** Runs a default method, where it is called. */
        @SuppressWarnings("NullAway") // methods may take and give null
        Object runHere(Object proxy, Object @Nullable [] arguments) throws Throwable {
            return body == null
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : body.bindTo(proxy).invokeWithArguments(arguments == null ? new Object[0] : arguments);
        }

        boolean isElement(int argument) {
            return (elements >>> argument & 1) != 0;
        }
    }

    private final boolean opaque;
    private final Map<Method, Entry> byMethod = new HashMap<>();
    private final List<Entry> calls = new ArrayList<>();

    private CallTable(Class<?> type) {
        opaque = OPAQUE.contains(type);
        Method[] methods = type.getMethods();
        Arrays.sort(methods, Comparator.comparing(Method::toString));
        for (Method method : methods) {
            if (!Modifier.isStatic(method.getModifiers())) {
                add(type, method);
            }
        }
    }

    private void add(Class<?> type, Method method) {
        if (!method.trySetAccessible()) {
            throw new IllegalArgumentException(
                    type.getTypeName() + " is closed; open its package to dev.heddle.process in module-info.java");
        }
        long elements = 0;
        if (opaque) {
            for (int i = 0; i < method.getParameterCount(); i++) {
                elements |= method.getGenericParameterTypes()[i] instanceof TypeVariable ? 1L << i : 0;
            }
        }
        var entry = new Entry(
                calls.size(),
                method,
                nameOf(type) + "." + method.getName(),
                method.isAnnotationPresent(NonBlocking.class),
                elements,
                body(method));
        byMethod.put(method, entry);
        if (!method.isDefault()) {
            calls.add(entry);
        }
    }

    private static @Nullable MethodHandle body(Method method) {
        Class<?> owner = method.getDeclaringClass();
        if (!method.isDefault() || Modifier.isPublic(owner.getModifiers())) {
            return null;
        }
        CallTable.class.getModule().addReads(owner.getModule());
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .unreflectSpecial(method, owner)
                    .asFixedArity();
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "the default method " + method + " cannot be called; open its package to dev.heddle.process in"
                            + " module-info.java",
                    e);
        }
    }

    /** An interface as its users call it. */
    static String nameOf(Class<?> type) {
        if (type == MapCalls.class) {
            return SharedMap.class.getSimpleName();
        }
        if (type == ListCalls.class) {
            return SharedList.class.getSimpleName();
        }
        return (type == QueueCalls.class ? SharedQueue.class : type).getSimpleName();
    }

    /**
     * The table of an interface.
     *
     * @throws IllegalArgumentException if it is closed to us
     */
    static CallTable of(Class<?> type) {
        return TABLES.get(type);
    }

    /** Whether results that are elements come encoded. */
    boolean isOpaque() {
        return opaque;
    }

    Entry of(Method method) {
        return Objects.requireNonNull(byMethod.get(method), method::toString);
    }

    /** The only call of a name. */
    Entry named(String name) {
        return calls.stream().filter(entry -> entry.method().getName().equals(name)).findFirst().orElseThrow();
    }

    /** The method of a number; null if there is none. */
    @Nullable Entry numbered(int number) {
        return number < 0 || number >= calls.size() ? null : calls.get(number);
    }
}
