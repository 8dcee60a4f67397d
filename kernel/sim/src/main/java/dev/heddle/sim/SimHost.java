package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.SpawnsForCaller;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Durations;
import dev.heddle.internal.TaskAccess;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the simulated network, with a name and addresses of its own. What runs inside {@link #run} or {@link
 * #spawn}, and all it spawns, is on that machine: it listens at its addresses and connects from them, and stalls and
 * crashes with it. So do the timers that are set there, as by {@link dev.heddle.Loop#callEvery}; other callbacks are of no host.
 * Everything else is on {@link SimNetwork#localhost()}.
 *
 * <p>All hosts share one loop, so tasks of two hosts never run at the same time and tests may look at both without
 * locks.
 */
@SpawnsForCaller
public final class SimHost {

    private static final ScopedValue<SimHost> CURRENT = ScopedValue.newInstance();

    private final SimNetwork network;
    private final String name;
    private final List<InetAddress> addresses;
    private final SimPorts ports = new SimPorts();
    private final DatagramPorts datagramPorts = new DatagramPorts();
    private final Set<Task<?>> spawned = new LinkedHashSet<>();
    private final Set<CancelScope> visits = new LinkedHashSet<>();
    private int crashes;

    /** Tasks and visits that a crash has cancelled, as long as their clean-up runs. */
    private final Set<Object> ending = new HashSet<>();

    private final Set<Runnable> onCrash = new LinkedHashSet<>();
    private Duration wallShift = Duration.ZERO;
    private long stalledUntilNanos;
    private long readBytesPerSecond = ReadRate.UNLIMITED;

    SimHost(SimNetwork network, String name, List<InetAddress> addresses) {
        this.network = network;
        this.name = name;
        this.addresses = List.copyOf(addresses);
    }

    public String name() {
        return name;
    }

    /** The first address. */
    public InetAddress address() {
        return addresses.getFirst();
    }

    /** All addresses, in the order in which the name resolves to them; the loopback is not among them. */
    public List<InetAddress> addresses() {
        return addresses;
    }

    /**
     * Runs a body in the current task, which is on this host meanwhile. A checked exception comes out as it is.
     *
     * @throws TaskCancelledException if the host crashes while the body runs, which cancels it
     */
    public <T> T run(Callable<? extends T> body) throws Exception {
        Task<?> visitor = TaskAccess.get().current();
        return ScopedValue.where(CURRENT, this)
                .call(visitor == null ? body::call : () -> new Visit<T>(body).by(visitor));
    }

    /** Runs a body in the current task, as {@link #run(Callable)}. */
    public void run(Action body) throws Exception {
        run(() -> {
            body.run();
            return this;
        });
    }

    /** Spawns a child of the current task that runs on this host; the task is named after it. */
    public <T> Task<T> spawn(Callable<? extends T> body) {
        // Bound around the spawn and inherited by the task, so that the task is of this host from its first moment.
        return ScopedValue.where(CURRENT, this).call(() -> Heddle.spawn(name, () -> untilCrash(body)));
    }

    /** What fails behind a crash, since all else on the machine is gone too, is no failure of the body. */
    private <T> T untilCrash(Callable<? extends T> body) throws Exception {
        int before = crashes;
        try {
            return body.call();
        } catch (Throwable e) {
            if (crashes != before) {
                CancelScope.throwIfCancelled();
            }
            throw e;
        }
    }

    /** Spawns a child of the current task that runs on this host; the task is named after it. */
    public Task<Void> spawn(Action body) {
        return spawn(() -> {
            body.run();
            return null;
        });
    }

    /** Parts this host from all others, as {@link SimNetwork#partition} does. */
    public void isolate() {
        network.others(this).forEach(other -> network.partition(this, other));
    }

    /** Ends all partitions between this host and others. */
    public void rejoin() {
        network.others(this).forEach(other -> network.heal(this, other));
    }

    /** Cuts all connections of this host, as a restart does; returns how many there were. */
    public int cutAll() {
        return network.cutAll(this);
    }

    /**
     * Lets no task of this host run for a time while those of others do, as when a machine or its process is stopped
     * and continued. The network goes on, so connections stay open. A task is of the host on which it was spawned, and
     * inside {@link #run} of that one. Does not wait.
     *
     * @param time not negative; zero ends a stall
     */
    public void stall(Duration time) {
        Checks.notNegative("time", time);
        stalledUntilNanos = network.context().clock.after(Durations.toNanos(time));
        network.stalls().recheck();
    }

    /**
     * Moves the wall clock of this host away from that of the others: machines seldom agree about the time. What is
     * measured by the monotonic clock does not change. {@link Sim#shiftWallClock} moves that of all.
     *
     * @param by how far forwards; backwards if negative
     */
    public void shiftWallClock(Duration by) {
        wallShift = wallShift.plus(by);
    }

    /** How far its wall clock is from that of the others. */
    Duration wallShift() {
        return wallShift;
    }

    /**
     * Bounds how fast each connection is read at this host, from the next read on: a slow consumer, whose peers soon
     * find no room to write.
     *
     * @param bytesPerSecond not negative; zero for no bound
     */
    public void readAtMost(long bytesPerSecond) {
        Checks.atLeast("bytesPerSecond", bytesPerSecond, 0);
        readBytesPerSecond = bytesPerSecond;
    }

    /**
     * Ends all that runs here, as a crash of the machine does: cuts its connections, closes its listeners and UDP
     * sockets and cancels its tasks, stalled ones too, whoever owns them, and the bodies inside {@link #run}. Their
     * clean-up still runs, but reaches nobody over what they had open. When all of it is over, timers that were set
     * before run no more. To start again, spawn again.
     */
    public void crash() {
        crashes++;
        stall(Duration.ZERO);
        cutAll();
        ports.listeners().forEach(SimAcceptor::close);
        datagramPorts.sockets().forEach(SimDatagrams::close);
        List.copyOf(onCrash).forEach(Runnable::run);
        ending.addAll(spawned);
        ending.addAll(visits);
        List.copyOf(spawned).forEach(task -> task.cancel(crashWords()));
        List.copyOf(visits).forEach(visit -> visit.cancel(crashWords()));
    }

    @Override
    public String toString() {
        return name + " (" + address().getHostAddress() + ")";
    }

    private String crashWords() {
        return name + " crashed";
    }

    /** A body inside {@link #run}. */
    private final class Visit<T> {

        private final Callable<? extends T> body;
        private @Nullable T value;
        private @Nullable Exception thrown;

        Visit(Callable<? extends T> body) {
            this.body = body;
        }

        @SuppressWarnings("NullAway") // the body's own value
        T by(Task<?> visitor) throws Exception {
            SimHost before = network.stalls().moves(visitor.id(), SimHost.this);
            boolean done;
            try {
                done = CancelScope.open(this::inScope);
            } finally {
                network.stalls().moves(visitor.id(), before);
            }
            if (thrown != null) {
                throw thrown;
            }
            if (!done) {
                throw new TaskCancelledException(crashWords());
            }
            return value;
        }

        private void inScope(CancelScope scope) {
            visits.add(scope);
            try {
                value = body.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                thrown = e;
            } finally {
                visits.remove(scope);
                ending.remove(scope);
            }
        }
    }

    /** What a timer runs that was set on this host. */
    Runnable timer(Runnable callback) {
        int before = crashes;
        return () -> {
            network.stalls().await(this);
            if (crashes == before || !ending.isEmpty()) {
                callback.run();
            }
        };
    }

    /** A task begins, which was spawned by code on this host. */
    void begins(Task<?> task) {
        spawned.add(task);
        network.stalls().moves(task.id(), this);
    }

    /** A task ends that was spawned by code on this host. */
    void ends(Task<?> task) {
        spawned.remove(task);
        ending.remove(task);
    }

    /** The host that the caller runs on, in one network. */
    static SimHost current(SimNetwork network) {
        SimHost told = told(network);
        return told == null ? network.localhost() : told;
    }

    /** The host that the caller was told to run on; null for what only the test itself runs. */
    static @Nullable SimHost told(SimNetwork network) {
        SimHost bound = CURRENT.orElse(network.localhost());
        return CURRENT.isBound() && bound.network == network ? bound : null;
    }

    /** Until when no task of this host runs, in time since the start. */
    long stalledUntilNanos() {
        return stalledUntilNanos;
    }

    long readBytesPerSecond() {
        return readBytesPerSecond;
    }

    boolean isLocalhost() {
        return this == network.localhost();
    }

    /** What else ends with a crash; none of it may wait. */
    Set<Runnable> onCrash() {
        return onCrash;
    }

    SimPorts ports() {
        return ports;
    }

    DatagramPorts datagramPorts() {
        return datagramPorts;
    }

    boolean owns(InetAddress address) {
        return address.isAnyLocalAddress() || address.isLoopbackAddress() || addresses.contains(address);
    }

    /** The address to connect from. */
    InetAddress sourceFor(InetAddress target) {
        if (target.isLoopbackAddress()) {
            return target;
        }
        boolean wide = target instanceof Inet6Address;
        return addresses.stream()
                .filter(each -> each instanceof Inet6Address == wide)
                .findFirst()
                .orElse(address());
    }
}
