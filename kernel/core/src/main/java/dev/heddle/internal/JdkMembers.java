package dev.heddle.internal;

import java.io.Serial;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lookup of the members that the JDK keeps to itself, all of which go through here. What cannot be had fails by the
 * name that it has in the sources of the JDK: {@code java.lang.Thread.start(ThreadContainer)}.
 */
final class JdkMembers {

    /** Those of the JDK that runs this. */
    static final JdkMembers OWN = new JdkMembers(null);

    /** Null for no filter, so that names are made for failures only. */
    private final @Nullable Predicate<String> has;

    /** @param has whether a member with this name counts as there */
    JdkMembers(@Nullable Predicate<String> has) {
        this.has = has;
    }

    /** A member cannot be had; the message is its name. */
    static final class AbsentException extends ReflectiveOperationException {

        @Serial
        private static final long serialVersionUID = 1;

        AbsentException(String member, @Nullable Throwable cause) {
            super(member, cause);
        }
    }

    /** One way to find a member. */
    @FunctionalInterface
    private interface Finding<T> {
        T in(Lookup lookup) throws ReflectiveOperationException;
    }

    /** What a search in the JDK that runs this has found, or why not all of it can be had. */
    record Found<T>(@Nullable T handles, @Nullable Throwable failure) {

        static <T> Found<T> by(Search<T> search) {
            try {
                return new Found<>(search.in(OWN), null);
            } catch (Throwable e) {
                return new Found<>(null, e);
            }
        }
    }

    /** Looks for what belongs together. */
    interface Search<T> {
        T in(JdkMembers jdk) throws Throwable;
    }

    Class<?> type(String name) throws AbsentException {
        check(name);
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException e) {
            throw new AbsentException(name, e);
        }
    }

    MethodHandle method(Class<?> owner, String name, MethodType type) throws AbsentException {
        return find(owner, name, type, in -> in.findVirtual(owner, name, type));
    }

    MethodHandle staticMethod(Class<?> owner, String name, MethodType type) throws AbsentException {
        return find(owner, name, type, in -> in.findStatic(owner, name, type));
    }

    MethodHandle getter(Class<?> owner, String name, Class<?> type) throws AbsentException {
        return find(owner, name, null, in -> in.findGetter(owner, name, type));
    }

    MethodHandle staticGetter(Class<?> owner, String name, Class<?> type) throws AbsentException {
        return find(owner, name, null, in -> in.findStaticGetter(owner, name, type));
    }

    MethodHandle setter(Class<?> owner, String name, Class<?> type) throws AbsentException {
        return find(owner, name, null, in -> in.findSetter(owner, name, type));
    }

    /** Checks a method, or a constructor if it has the name of its class, that compiled code refers to. */
    void require(Class<?> owner, String name, Class<?>... parameters) throws AbsentException {
        String member = member(owner, name, MethodType.methodType(void.class, parameters));
        check(member);
        try {
            Executable _ = name.equals(owner.getSimpleName())
                    ? owner.getDeclaredConstructor(parameters)
                    : owner.getDeclaredMethod(name, parameters);
        } catch (ReflectiveOperationException e) {
            throw new AbsentException(member, e);
        }
    }

    /**
     * Opens a package of {@code java.base} to this module. The flags of Heddle open {@code java.lang}, whose {@link
     * Module} can open the rest.
     */
    void open(String packageName) throws AbsentException {
        MethodHandle opening = method(Module.class, "implAddOpens",
                MethodType.methodType(void.class, String.class, Module.class));
        try {
            opening.invokeExact(Object.class.getModule(), packageName, JdkMembers.class.getModule());
        } catch (Throwable e) {
            throw new AbsentException(packageName, e);
        }
    }

    private <T> T find(Class<?> owner, String name, @Nullable MethodType type, Finding<T> finding)
            throws AbsentException {
        if (has != null) {
            check(member(owner, name, type));
        }
        try {
            return finding.in(MethodHandles.privateLookupIn(owner, MethodHandles.lookup()));
        } catch (ReflectiveOperationException e) {
            throw new AbsentException(member(owner, name, type), e);
        }
    }

    private void check(String member) throws AbsentException {
        if (has != null && !has.test(member)) {
            throw new AbsentException(member, null);
        }
    }

    private static String member(Class<?> owner, String name, @Nullable MethodType type) {
        String parameters = type == null
                ? ""
                : Arrays.stream(type.parameterArray()).map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
        return owner.getName() + "." + name + parameters;
    }
}
