package dev.heddle.internal.rewrite;

import java.lang.StackWalker.StackFrame;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the bodies of one class: the machine that they are as well, or that there is none.
 *
 * <p>Threads: any.
 */
public final class RewrittenBody {

    private static final Logger LOG = System.getLogger("dev.heddle.generators");

    /** Distinguishes the machines of one host, whose methods may have the same name. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Outs outs;
    private final Class<?> body;
    private @Nullable StackFrame site;
    private boolean tried;

    /** From a body and its out to its machine; null while not tried, and if there is none. */
    private volatile @Nullable MethodHandle maker;

    RewrittenBody(Outs outs, Class<?> body, @Nullable StackFrame site) {
        this.outs = outs;
        this.body = body;
        this.site = site;
    }

    /**
     * Makes the machine of a body. The first call writes its class.
     *
     * <p>Its function takes what the yield that it is at is to give, and what that is to throw; null for neither. It comes
     * back when the body has yielded, which its out has heard of, or with the result when it has ended.
     *
     * @param out what the body yields to; it must know nobody else who does
     * @return null if the body has none, and is to be run as it is
     */
    public @Nullable BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> begin(Object it, Object out) {
        MethodHandle make = maker;
        if (make == null) {
            make = tryOnce();
        }
        if (make == null) {
            return null;
        }
        try {
            return (BiFunction<@Nullable Object, @Nullable Object, @Nullable Object>) make.invokeExact(it, out);
        } catch (Throwable e) {
            throw new IllegalStateException("a generator cannot be made of " + body, e);
        }
    }

    private synchronized @Nullable MethodHandle tryOnce() {
        if (!tried) {
            tried = true;
            try {
                maker = rewrite();
            } catch (Refused | LinkageError | ReflectiveOperationException | InaccessibleObjectException e) {
                String why = e instanceof Refused ? e.getMessage() : e.toString();
                LOG.log(Level.DEBUG, "The generators of " + body.getName() + " switch continuations: " + why);
            }
            site = null;
        }
        return maker;
    }

    private MethodHandle rewrite() throws ReflectiveOperationException {
        BodyMethod method = find();
        Class<?> host = method.host();
        Lookup inHost = MethodHandles.privateLookupIn(host, MethodHandles.lookup());
        ClassDesc name = ClassDesc.of(
                host.getName() + "$" + method.name() + "$machine" + COUNT.incrementAndGet());
        byte[] bytes = new MachineWriter(method, new MemberAccess(inHost), name).write();
        Class<?> machine = inHost.defineClass(bytes);
        Machines.add(machine, bytes, host);
        inHost.ensureInitialized(machine); // verifies it
        return maker(method, MethodHandles.privateLookupIn(machine, MethodHandles.lookup()), machine);
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

    /** The constructor of the machine, that reads for itself what the body has captured. */
    private MethodHandle maker(BodyMethod method, Lookup inMachine, Class<?> machine) throws ReflectiveOperationException {
        List<Class<?>> parameters = Arrays.stream(machine.getDeclaredConstructors()[0].getParameterTypes()).toList();
        MethodHandle make = inMachine.findConstructor(machine, MethodType.methodType(void.class, parameters));
        int captured = method.captured().size();
        for (int i = 0; i < captured; i++) {
            MethodHandle getter = method.captured().get(i);
            make = MethodHandles.filterArguments(
                    make, i, getter.asType(MethodType.methodType(parameters.get(i), Object.class)));
        }
        int[] fromBody = new int[captured + 1];
        fromBody[captured] = 1;
        MethodType type = MethodType.methodType(BiFunction.class, Object.class, Object.class);
        make = make.asType(MethodType.methodType(BiFunction.class, make.type().parameterList())
                .changeParameterType(captured, Object.class));
        return MethodHandles.permuteArguments(make, type, fromBody);
    }
}
