package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A machine of the simulated network, with a name and addresses of its own. What runs inside {@link #run} or {@link
 * #spawn}, and all it spawns, is on that machine: it listens at its addresses and connects from them. Everything else is on
 * {@link SimNetwork#localhost()}.
 *
 * <p>All hosts share one loop, so tasks of two hosts never run at the same time and tests may look at both without locks.
 */
public final class SimHost {

    private static final ScopedValue<SimHost> CURRENT = ScopedValue.newInstance();

    private final SimNetwork network;
    private final String name;
    private final List<InetAddress> addresses;
    private final Ports ports = new Ports();
    private final Set<Task<?>> spawned = new LinkedHashSet<>();

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

    /** Runs a body in the current task, on this host. A checked exception comes out as it is. */
    public <T> T run(Callable<? extends T> body) throws Exception {
        return ScopedValue.where(CURRENT, this).call(body::call);
    }

    /** Runs a body in the current task, on this host. A checked exception comes out as it is. */
    public void run(Action body) throws Exception {
        run(() -> {
            body.run();
            return this;
        });
    }

    /** Spawns a child of the current task that runs on this host; the task is named after it. */
    public <T> Task<T> spawn(Callable<? extends T> body) {
        return Heddle.spawn(name, (Callable<? extends T>) () -> {
            spawned.add(Heddle.currentTask());
            try {
                return run(body);
            } finally {
                spawned.remove(Heddle.currentTask());
            }
        });
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
     * Ends all that was spawned here, as a crash of the machine does: cuts its connections, closes its listeners and cancels
     * its tasks. Their clean-up still runs, but reaches nobody over what they had open. To start again, spawn again.
     */
    public void crash() {
        cutAll();
        ports.listeners().forEach(SimAcceptor::close);
        List.copyOf(spawned).forEach(task -> task.cancel(name + " crashed"));
    }

    @Override
    public String toString() {
        return name + " (" + address().getHostAddress() + ")";
    }

    /** The host that the caller runs on, in one network. */
    static SimHost current(SimNetwork network) {
        SimHost bound = CURRENT.orElse(network.localhost());
        return bound.network == network ? bound : network.localhost();
    }

    Ports ports() {
        return ports;
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
