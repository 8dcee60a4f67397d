package dev.heddle.internal.generators;

import java.lang.StackWalker.StackFrame;
import java.lang.System.Logger.Level;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The knowledge of the bodies of one class: the machine that they are as well, or that there is none.
 *
 * <p>Threads: any.
 */
public final class RewrittenBody {

    /** Distinguishes the machines of one host, whose methods may have the same name. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Outs outs;
    private final Class<?> body;
    private @Nullable StackFrame site;

    /** Makes the machines; null if there are none. */
    private @Nullable Maker maker;

    /** Whether {@link #maker} is known. */
    private volatile boolean tried;

    RewrittenBody(Outs outs, Class<?> body, @Nullable StackFrame site) {
        this.outs = outs;
        this.body = body;
        this.site = site;
    }

    /**
     * Makes the machine of a body. The first call writes its class.
     *
     * <p>Its function takes what the yield that it is at is to give, and what that is to throw; null for neither. It
     * comes back when the body has yielded, which its out has heard of, or with the result when it has ended.
     *
     * @param out what the body yields to; it must know nobody else who does
     * @return null if the body has none, and is to be run as it is
     */
    public @Nullable BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> begin(Object it, Object out) {
        if (!tried) {
            tryOnce();
        }
        Maker make = maker;
        return make == null ? null : make.of(it, out);
    }

    private synchronized void tryOnce() {
        if (!tried) {
            try {
                maker = rewrite();
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                String why = e instanceof Refused ? e.getMessage() : e.toString();
                System.getLogger("dev.heddle.generators").log(Level.DEBUG,
                        "The generators of " + body.getName() + " switch continuations: " + why);
            }
            site = null;
            tried = true;
        }
    }

    private Maker rewrite() throws ReflectiveOperationException {
        BodyMethod method = find();
        Class<?> host = method.host();
        Lookup inHost = MethodHandles.privateLookupIn(host, MethodHandles.lookup());
        String number = Integer.toString(COUNT.incrementAndGet());
        ClassDesc name = ClassDesc.of(String.join("$", host.getName(), method.name(), "machine".concat(number)));
        byte[] bytes = new MachineWriter(method, new MemberAccess(inHost), name).write();
        Class<?> machine = inHost.defineClass(bytes);
        Machines.add(machine, bytes, host);
        inHost.ensureInitialized(machine); // verifies it
        return new Maker(prototype(machine), method.captured());
    }

    private BodyMethod find() {
        StackFrame at = site;
        if (!body.isHidden()) {
            return BodyMethod.ofObject(outs, body);
        }
        if (at == null) {
            throw new Refused("nobody has called the method that makes a generator of it");
        }
        return new LambdaSite(outs, body, at).find();
    }

    @SuppressWarnings("unchecked") // as it was written
    private static Function<Object, BiFunction<@Nullable Object, @Nullable Object, @Nullable Object>> prototype(
            Class<?> machine) throws ReflectiveOperationException {
        Constructor<?> constructor = machine.getDeclaredConstructor();
        constructor.setAccessible(true);
        return (Function<Object, BiFunction<@Nullable Object, @Nullable Object, @Nullable Object>>) constructor
                .newInstance();
    }

    /**
     * Makes machines like one.
     *
     * @param captured what gives the parameters before the out; null if the body itself is all of them
     */
    private record Maker(
            Function<Object, BiFunction<@Nullable Object, @Nullable Object, @Nullable Object>> prototype,
            @Nullable List<MethodHandle> captured) {

        BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> of(Object body, Object out) {
            List<MethodHandle> getters = captured;
            int count = getters == null ? 1 : getters.size();
            Object[] parameters = new Object[count + 1];
            if (getters == null) {
                parameters[0] = body;
            } else {
                for (int i = 0; i < count; i++) {
                    parameters[i] = read(getters.get(i), body);
                }
            }
            parameters[count] = out;
            return prototype.apply(parameters);
        }

        private static Object read(MethodHandle getter, Object body) {
            try {
                return (Object) getter.invokeExact(body);
            } catch (Throwable e) {
                throw new IllegalStateException("what a generator's body has captured cannot be read", e);
            }
        }
    }
}
