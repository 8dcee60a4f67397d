package dev.heddle.process.shared;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.process.CannotTravelException;
import dev.heddle.process.internal.Shielded;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.Parcel;
import dev.heddle.process.internal.codec.SpecialForms;
import dev.heddle.process.internal.codec.UnreadableException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of a manager's object in whatever process: what its proxy is made of, and what of it travels. Calls go
 * straight to the manager where that is of this process, and through a connection everywhere else.
 *
 * <p>Abstract methods are calls; default methods run where they are called. Who has a reference has the manager's
 * secret, and so all that the manager shares.
 *
 * <p>Threads: any.
 */
final class RemoteReference implements InvocationHandler {

    static {
        SpecialForms.register(new RemoteReferenceForm());
    }

    final String address;
    final byte[] secret;
    final int number;
    final Class<?> type;
    final ClassLoader loader;
    private final CallTable table;

    /**
     * @param address the path of the manager's socket
     * @param number of the object
     * @param type its interface
     * @param loader finds the classes of what calls give
     */
    RemoteReference(String address, byte[] secret, int number, Class<?> type, ClassLoader loader) {
        this.address = address;
        this.secret = secret;
        this.number = number;
        this.type = type;
        this.loader = loader;
        this.table = CallTable.of(type);
    }

    /** The reference behind an object; null if it is no shared one. */
    static @Nullable RemoteReference behind(@Nullable Object value) {
        if (value instanceof Proxy) {
            return Proxy.getInvocationHandler(value) instanceof RemoteReference reference ? reference : null;
        }
        if (value instanceof QueueProxy<?> queue) {
            return queue.reference();
        }
        if (value instanceof SharedMap<?, ?> map) {
            return map.reference();
        }
        return value instanceof SharedList<?> list ? list.reference() : null;
    }

    /** The object as its users see it. */
    Object view() {
        if (type == MapCalls.class) {
            return new SharedMap<>(this);
        }
        if (type == ListCalls.class) {
            return new SharedList<>(this);
        }
        if (type == QueueCalls.class) {
            return new QueueProxy<>(this);
        }
        return proxy(type);
    }

    <T> T proxy(Class<T> as) {
        return as.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{as}, this));
    }

    /**
     * Lets a pipe know at once which process has this end of it: one that dies before it uses it must be noticed too.
     */
    void arrived() {
        if (type == PipeEnd.class) {
            ManagerLinks.to(this).arrived(this, table.named("isClosed"));
        }
    }

    @Override
    @SuppressWarnings("NullAway") // methods may take and give null
    public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(method.getName(), arguments);
        }
        CallTable.Entry entry = table.of(method);
        if (method.isDefault()) {
            return entry.runHere(proxy, arguments);
        }
        return call(entry, arguments == null ? List.of() : Arrays.asList(arguments));
    }

    private Object ofObject(String method, Object @Nullable [] arguments) {
        return switch (method) {
            case "equals" -> arguments != null && equals(behind(arguments[0]));
            case "hashCode" -> hashCode();
            default -> toString();
        };
    }

    // ---- calls ----

    private @Nullable Object call(CallTable.Entry entry, List<@Nullable Object> arguments) throws Throwable {
        if (!entry.prompt()) {
            CancelScope.throwIfCancelled();
        }
        ManagerLink route = ManagerLinks.to(this);
        Codec codec = entry.prompt() ? Shielded.get(route::codec) : route.codec();
        for (int i = 0; i < arguments.size(); i++) {
            if (entry.isElement(i)) {
                arguments.set(i, pack(codec, arguments.get(i)));
            }
        }
        byte[] content = arguments.isEmpty()
                ? Frame.NOTHING
                : codec.encode("the arguments of " + entry.text(), false, arguments);
        Answer answer = route.call(this, entry, content);
        return switch (answer.kind()) {
            case CLOSED -> throw new ClosedException(route.where() + " is closed, and with it " + this);
            case GONE -> throw new ClosedException(this + " was taken out of its manager");
            case BUSY -> throw new BusyException("too many calls of this process to " + route.where()
                    + " are under way; " + entry.text() + " was not done");
            default -> opened(codec, answer.open(route.where(), codec, loader));
        };
    }

    private @Nullable Object opened(Codec codec, @Nullable Object value) {
        if (!table.isOpaque()) {
            return value;
        }
        return switch (value) {
            case Parcel parcel -> open(codec, parcel);
            case Optional<?> optional when optional.isPresent() && optional.get() instanceof Parcel parcel ->
                Optional.of(open(codec, parcel));
            case null, default -> value;
        };
    }

    // ---- elements ----

    /**
     * Encodes an element.
     *
     * @throws NullPointerException if it is null
     * @throws CannotTravelException if it cannot travel
     */
    Parcel pack(@Nullable Object element) {
        return pack(ManagerLinks.to(this).codec(), element);
    }

    private static Parcel pack(Codec codec, @Nullable Object element) {
        if (element == null) {
            throw new NullPointerException("an element of a shared object cannot be null");
        }
        return new Parcel(codec.encode("the element", false, element));
    }

    /** Decodes an element. */
    Object open(Parcel parcel) {
        return open(ManagerLinks.to(this).codec(), parcel);
    }

    private Object open(Codec codec, Parcel parcel) {
        Object element = codec.decode(parcel.bytes(), 0, false, loader);
        if (element == null) {
            throw UnreadableException.of("an element that is null", null);
        }
        return element;
    }

    // ---- facts ----

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RemoteReference reference && reference.number == number
                && reference.address.equals(address);
    }

    @Override
    public int hashCode() {
        return number; // the same in each run of a simulation, which addresses are not
    }

    @Override
    public String toString() {
        return CallTable.nameOf(type) + " " + number + " of "
                + (ManagerLinks.isSimulated(address) ? "a simulated manager" : "the manager at " + address);
    }
}
