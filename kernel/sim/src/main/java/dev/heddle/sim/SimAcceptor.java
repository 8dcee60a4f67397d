package dev.heddle.sim;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.engine.AbstractAcceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A simulated listening socket: a bounded queue of connections that nobody has accepted yet. */
final class SimAcceptor extends AbstractAcceptor {

    private final InetSocketAddress local;
    private final ListenOptions options;
    private final SimPorts ports;
    private final SimConnections connections;
    private final Deque<SimConnection> backlog = new ArrayDeque<>();
    private final WaitSlot accepting = new WaitSlot(this);

    SimAcceptor(InetSocketAddress local, ListenOptions options, SimPorts ports, SimConnections connections) {
        super(local);
        this.local = local;
        this.options = options;
        this.ports = ports;
        this.connections = connections;
    }

    @Override
    public Transport accept() {
        CancelScope.throwIfCancelled();
        checkOpen();
        if (accepting.isAwaited()) {
            throw new BusyException("another task is " + this);
        }
        while (backlog.isEmpty()) {
            accepting.await();
            checkOpen();
        }
        return give(backlog.remove());
    }

    @Override
    public @Nullable Transport acceptNow() {
        checkOpen();
        SimConnection next = backlog.poll();
        return next == null ? null : give(next);
    }

    private Transport give(SimConnection next) {
        next.trace(NetworkEvent.ACCEPT, 0);
        return connections.give(next.server);
    }

    @Override
    protected void release() {
        ports.release(this);
        backlog.forEach(each -> each.server.abort());
        backlog.clear();
        accepting.wake();
    }

    /** What a waiting task does, in reports. */
    @Override
    public String toString() {
        return "accepting at " + SimAddresses.show(local);
    }

    /** Whether the system would let one more connection wait. */
    boolean hasRoom() {
        return backlog.size() < options.backlog();
    }

    /** A connection has come; there is room for it. Below the tasks. */
    void arrived(SimConnection connection) {
        backlog.add(connection);
        accepting.wake();
    }

    boolean isAny() {
        return local.getAddress().isAnyLocalAddress();
    }

    boolean isAt(InetAddress address) {
        return local.getAddress().equals(address);
    }

    int port() {
        return local.getPort();
    }

    /** Whether both may listen on the same port. */
    boolean sharesWith(SimAcceptor other) {
        return options.reusePort() && other.options.reusePort();
    }

    /** Whether both would get the same connections. */
    boolean overlaps(SimAcceptor other) {
        return isAny() || other.isAny() || isAt(other.local.getAddress());
    }
}
