package dev.heddle.process.shared;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.internal.sight.Counter;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.MessageKind;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The objects of a manager, and how a call of one is done.
 *
 * <p>Threads: objects may come and go from any; calls are done by tasks of one loop.
 */
final class SharedObjects {

    /** An object and what others see of it. */
    private record Shared(Object target, CallTable table) {}

    private final ManagerOptions options;
    private final Codec codec;
    private final ClassLoader loader;
    private final String address;
    private final byte[] secret;
    private final Map<Integer, Shared> objects = new ConcurrentHashMap<>();

    /** Queues that were removed and still have memory. */
    private final Map<Integer, QueueObject> leaving = new ConcurrentHashMap<>();

    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean closed;
    private volatile long done;
    private volatile int underWay;

    SharedObjects(ManagerOptions options, ClassLoader loader, String address, byte[] secret) {
        this.options = options;
        this.codec = new Codec(options.maxBytes(), options.formats());
        this.loader = loader;
        this.address = address;
        this.secret = secret;
    }

    Codec codec() {
        return codec;
    }

    // ---- the objects ----

    /**
     * Takes an object in.
     *
     * @param maker makes it, of a name for reports
     * @return what its users see
     * @throws ClosedException if the manager is closed
     * @throws IllegalStateException if there are too many
     */
    <T> RemoteReference add(Class<T> type, Function<String, ? extends T> maker) {
        if (closed) {
            throw new ClosedException(options.name() + " is closed");
        }
        if (objects.size() >= options.maxObjects()) {
            throw new IllegalStateException(options.name() + " shares " + objects.size()
                    + " objects, the most it may; remove those that nobody uses");
        }
        int number = numbers.incrementAndGet();
        T target = maker.apply(number + " of " + options.name());
        var reference = new RemoteReference(address, secret, number, type, loader);
        objects.put(number, new Shared(target, CallTable.of(type)));
        if (closed && remove(reference)) {
            letGo();
        }
        return reference;
    }

    /** Takes an object out; whether it was there. */
    boolean remove(RemoteReference reference) {
        Shared shared = reference.address.equals(address) ? objects.remove(reference.number) : null;
        if (shared != null && shared.target instanceof QueueObject queue) {
            queue.remove();
            leaving.put(reference.number, queue);
        }
        return shared != null;
    }

    /** The memory of an object has changed, or it was removed; on the loop. */
    void changed(int number) {
        QueueObject gone = leaving.remove(number);
        Shared shared = objects.get(number);
        if (gone != null) {
            gone.letGo();
            gone.changed();
        } else if (shared != null && shared.target instanceof QueueObject queue) {
            queue.changed();
        }
    }

    int size() {
        return objects.size();
    }

    /** From now on calls fail because of this, whatever else they see fall. */
    void close() {
        closed = true;
        forEachQueue(QueueObject::remove);
    }

    /** Lets go of memory; behind the end of the loop. */
    void letGo() {
        forEachQueue(QueueObject::letGo);
        leaving.values().forEach(QueueObject::letGo);
    }

    private void forEachQueue(Consumer<QueueObject> action) {
        for (Shared shared : objects.values()) {
            if (shared.target instanceof QueueObject queue) {
                action.accept(queue);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** The counts, with that of the processes. */
    ManagerStatistics statistics(int processes) {
        return new Statistics(objects.size(), processes, underWay, done);
    }

    // ---- calls ----

    /**
     * Does a call in the running task.
     *
     * @throws CancelledException if it is not the call that was cancelled, but the task
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written on one loop
    Answer perform(Call call) {
        underWay++;
        try {
            return answer(call);
        } finally {
            underWay--;
            done++;
        }
    }

    private Answer answer(Call call) {
        Shared shared = objects.get(call.object);
        CallTable.Entry entry = shared == null ? null : shared.table.numbered(call.method);
        if (shared == null || entry == null) {
            return Answer.of(MessageKind.GONE);
        }
        Object[] arguments;
        try {
            arguments = arguments(call);
        } catch (RuntimeException | LinkageError e) {
            return failure(e);
        }
        try {
            return entry.prompt()
                    ? invoke(shared.target, entry, arguments)
                    : CancelScope.open(scope -> {
                        call.begin(scope);
                        return invoke(shared.target, entry, arguments);
                    }).orElseGet(() -> Answer.of(MessageKind.CANCELLED));
        } catch (CancelledException e) {
            CancelScope.throwIfCancelled();
            return failure(e);
        }
    }

    private Object[] arguments(Call call) {
        return call.hasArguments()
                && codec.decode(call.content, call.offset, false, loader) instanceof List<?> list
                        ? list.toArray()
                        : new Object[0];
    }

    private Answer invoke(Object target, CallTable.Entry entry, Object[] arguments) {
        Object result;
        try {
            result = entry.method().invoke(target, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = Objects.requireNonNullElse(e.getCause(), e);
            if (thrown instanceof CancelledException cancelled) {
                throw cancelled;
            }
            if (thrown instanceof InterruptedException) {
                CancelScope.throwIfCancelled();
            }
            return failure(thrown);
        } catch (IllegalAccessException | IllegalArgumentException e) {
            return failure(new IllegalArgumentException(entry.text() + " cannot be called: " + e.getMessage(), e));
        }
        return result == null ? Answer.of(MessageKind.RESULT) : Answer.ofResult(codec, result, false);
    }

    /** The answer that tells of a failure. */
    Answer failure(Throwable failure) {
        return closed ? Answer.CLOSED : Answer.ofFailure(codec, failure);
    }

    /** What the statistics are, at one moment. */
    record Statistics(int objects, int processes, int callsUnderWay,
            @Counter long callsDone) implements ManagerStatistics {}
}
