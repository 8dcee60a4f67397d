package dev.heddle.process.shared;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.internal.Checks;
import dev.heddle.internal.SecretNumbers;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.process.CannotTravelException;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.internal.Offloading;
import dev.heddle.process.internal.PrivateDirectory;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A manager of objects that processes share: queues, locks, maps, and objects of a program's own. They live here; every
 * process that is given one uses it as if it were its own.
 *
 * <pre>{@code
 * try (Manager manager = Manager.open(); ProcessPool pool = ProcessPool.of(4)) {
 *     SharedQueue<String> lines = manager.queue(100);
 *     ConcurrentMap<String, Integer> counts = manager.map();
 *     JvmProcess.spawn(() -> {
 *         for (String line : lines) {
 *             counts.merge(line, 1, Integer::sum);
 *         }
 *     });
 *     lines.put("in any process");
 * }
 * }</pre>
 *
 * <p>What it gives travels in the captured values of bodies, in values, and from there on to further processes. Values
 * are copied on their way in and out, as those of a {@link ProcessPool} are; what cannot travel is refused by a {@link
 * CannotTravelException} where it is put.
 *
 * <p>A process that dies leaves nobody waiting: its waiting calls are cancelled, the mutexes that it holds are broken,
 * its permits come back, a barrier where it waits breaks, its ends of pipes are closed. {@link SharedQueue} says what
 * becomes of elements that it had taken.
 *
 * <p>{@link #share} puts an object of a program's own behind an interface. Its methods run as tasks on the manager's
 * loop, so two of them never run at the same time, but where they wait, and need no locks.
 *
 * <p>The manager has a daemon thread. Other processes reach it over a socket that only this user can open, and only who
 * has been given one of its objects knows the secret that it wants to hear. In a simulation all calls are done in
 * place, by the calling task.
 *
 * <p>Threads: any task or thread, of any process. Cancellation: a cancelled call has had no effect, or its result is
 * given all the same; those that are said to be prompt are not cancelled. To test code that uses it, run it in the
 * simulator.
 */
public final class Manager implements AutoCloseable {

    private static final int PIPE_CAPACITY = 64;

    private static final PartKind<Manager> KIND = PartKind.<Manager, ManagerStatistics>of(
            "manager", Manager::statistics,
            (manager, now) -> PartKind.share(now.objects(), manager.options.maxObjects()))
            .named(manager -> manager.options.name())
            .until(Manager::isClosed);

    private final ManagerOptions options;
    private final String address;
    private final SharedObjects objects;
    private final ManagerLink route;
    private final QueueMemory queues;

    /** Null in a simulation. */
    private final @Nullable ManagerHost host;

    private Manager(
            ManagerOptions options, String address, SharedObjects objects, ManagerLink route,
            @Nullable ManagerHost host) {
        this.options = options;
        this.address = address;
        this.objects = objects;
        this.route = route;
        this.host = host;
        this.queues = new QueueMemory(options.name(), host != null);
        ManagerLinks.add(address, route);
        Parts.add(KIND, this);
    }

    /** Opens one with {@link ManagerOptions#DEFAULT}, as {@link #open(ManagerOptions)}. */
    public static Manager open() {
        return open(ManagerOptions.DEFAULT);
    }

    /**
     * Opens one, which lives until it is closed or this process ends.
     *
     * <p>Cancellation: a cancelled call leaves nothing behind.
     *
     * @throws java.io.UncheckedIOException if no directory for its socket can be made
     * @throws dev.heddle.net.ListenFailedException if its socket cannot be made
     * @throws dev.heddle.CancelledException if the enclosing scope is cancelled
     */
    public static Manager open(ManagerOptions options) {
        CancelScope.throwIfCancelled();
        Task<?> task = Task.ofThread(Thread.currentThread()).orElse(null);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? Manager.class.getClassLoader() : context;
        if (task != null && task.loop().engine().isSimulated()) {
            return openInPlace(options, loader);
        }
        byte[] secret = SecretNumbers.bytes(Frame.SECRET_BYTES);
        PrivateDirectory directory = Offloading.call(ManagerHost::makeDirectory);
        String address = directory.socket().toString();
        var objects = new SharedObjects(options, loader, address, secret);
        String where = options.name() + " (process " + ProcessHandle.current().pid() + ")";
        var host = new ManagerHost(directory, options, objects, secret, where);
        try {
            host.awaitOpen();
        } catch (Throwable e) {
            host.close();
            throw e;
        }
        return new Manager(options, address, objects, host.route(), host);
    }

    private static Manager openInPlace(ManagerOptions options, ClassLoader loader) {
        String address = ManagerLinks.simulatedAddress();
        var objects = new SharedObjects(options, loader, address, new byte[Frame.SECRET_BYTES]);
        return new Manager(options, address, objects, new InPlaceManagerLink(objects, options.name()), null);
    }

    // ---- what it shares ----

    /**
     * Makes a queue that gives the oldest element first.
     *
     * <p>It takes memory that its processes share, 1 KiB for each element of its capacity, from 16 KiB to 1 MiB, and 64 MiB
     * for all queues of a manager. What finds no room there costs a call.
     *
     * @param capacity most elements it holds, 1 or more
     */
    public <T> SharedQueue<T> queue(int capacity) {
        Checks.atLeast("capacity", capacity, 1);
        return new QueueProxy<>(objects.add(QueueCalls.class, name -> queues.make(capacity)));
    }

    /** Makes a mutex that nobody holds. */
    public SharedMutex mutex() {
        return add(SharedMutex.class, name -> new MutexObject(Mutex.named(name), objects));
    }

    /**
     * Makes a semaphore with all permits available.
     *
     * @param permits how many may be in at the same time, at least 1
     */
    public SharedSemaphore semaphore(int permits) {
        return add(SharedSemaphore.class, name -> new SemaphoreObject(BoundedSemaphore.named(name, permits)));
    }

    /** Makes an event that is not set. */
    public SharedEvent event() {
        return add(SharedEvent.class, name -> new EventObject(Event.named(name)));
    }

    /**
     * Makes a barrier.
     *
     * @param parties how many wait for each other, at least 1
     */
    public SharedBarrier barrier(int parties) {
        return add(SharedBarrier.class, name -> new BarrierObject(Barrier.named(name, parties)));
    }

    /** Makes a counter that is zero. */
    public SharedCounter counter() {
        return add(SharedCounter.class, name -> new CounterObject());
    }

    /**
     * Makes a map. Its keys are compared here, by their {@code equals}, so this process must have their classes; values
     * are not looked into. {@code compute}, {@code merge} and their like run the function in the caller, again if
     * somebody else was faster. Iterations see what is there when they get to it. Neither keys nor values are null.
     */
    public <K, V> ConcurrentMap<K, V> map() {
        return new SharedMap<>(objects.add(MapCalls.class, name -> new MapObject()));
    }

    /**
     * Makes a list. Each call is atomic. Iterations see a copy of the list as it was at their beginning, which must fit
     * {@link ManagerOptions#maxBytes}. Elements are not null.
     */
    public <T> List<T> list() {
        return new SharedList<>(objects.add(ListCalls.class, name -> new ListObject()));
    }

    /** Makes a pipe that holds up to 64 elements on their way, each way. */
    public <T> Pipe<T> pipe() {
        return pipe(PIPE_CAPACITY);
    }

    /**
     * Makes a pipe.
     *
     * @param capacity most elements on their way, each way; with 0 they are handed over from call to call
     */
    @SuppressWarnings("unchecked")
    public <T> Pipe<T> pipe(int capacity) {
        List<PipeObject> ends = PipeObject.pair(capacity);
        PipeEnd<T> first = add(PipeEnd.class, name -> ends.getFirst());
        PipeEnd<T> second = add(PipeEnd.class, name -> ends.getLast());
        return new Pipe<>(first, second);
    }

    /**
     * Shares an object of the program's own.
     *
     * <pre>{@code
     * interface Account {
     *     long deposit(long cents);
     * }
     *
     * Account account = manager.share(Account.class, new Bank());
     * JvmProcess.spawn(() -> account.deposit(100));
     * }</pre>
     *
     * <p>The abstract methods of the interface are calls: they run here, one at a time, as tasks on the manager's loop;
     * they may wait, and let others run meanwhile. Default methods run where they are called. Arguments and results are
     * copies, but for what managers share; exceptions arrive as the same exception with the stack of here as its cause.
     * {@code equals}, {@code hashCode} and {@code toString} concern the reference, not the object.
     *
     * <p>A method that computes for long keeps all calls of this manager waiting: let it {@link Heddle#offload}.
     *
     * @param type an interface that the other processes have too
     * @param object must be used through what this gives from now on
     * @throws IllegalArgumentException if the type is no interface, or one that is closed to this module
     * @throws IllegalStateException if there are too many objects
     * @throws ClosedException if the manager is closed
     */
    public <T> T share(Class<T> type, T object) {
        Objects.requireNonNull(object);
        if (!type.isInterface() || type.isSealed()) {
            throw new IllegalArgumentException(
                    type.getTypeName() + " cannot be shared; share an object by an interface that is not sealed");
        }
        return add(type, name -> object);
    }

    /**
     * Takes an object out, for programs that make ever more of them: calls of it get a ClosedException from now on;
     * those under way go on.
     *
     * @param shared what this manager gave
     * @return whether it was there
     */
    public boolean remove(Object shared) {
        RemoteReference reference = RemoteReference.behind(shared);
        if (reference == null || !objects.remove(reference)) {
            return false;
        }
        route.changed(reference.number);
        return true;
    }

    private <T> T add(Class<T> type, Function<String, ? extends T> maker) {
        return objects.add(type, maker).proxy(type);
    }

    // ---- facts, and the end ----

    public ManagerStatistics statistics() {
        return objects.statistics(host == null ? 0 : host.processes());
    }

    /** Whether it is closed. */
    public boolean isClosed() {
        return objects.isClosed();
    }

    /**
     * Ends it: waiting calls of all processes end with a ClosedException, and so do all later ones. Methods of shared
     * objects are cancelled; one that does not end within a second is left behind. Idempotent.
     *
     * @throws IllegalStateException if called by a method of a shared object, which would wait for itself
     */
    @Override
    public void close() {
        if (host != null && host.isHere()) {
            throw new IllegalStateException("a method of a shared object cannot close its manager");
        }
        objects.close();
        if (host == null) {
            route.end();
        } else {
            host.close();
        }
        objects.letGo();
        ManagerLinks.remove(address, route);
    }

    @Override
    public String toString() {
        return options.name() + " of " + objects.size() + " objects" + (isClosed() ? ", closed" : "");
    }
}
