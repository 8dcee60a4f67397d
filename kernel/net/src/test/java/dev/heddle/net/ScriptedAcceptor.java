package dev.heddle.net;

import dev.heddle.ClosedException;
import dev.heddle.ManualEngine;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/** An acceptor whose connections, and failures to accept, come from a test. */
public final class ScriptedAcceptor implements Acceptor {

    /** The virtual time at each call of accept, in milliseconds. */
    final List<Long> askedAtMillis = new ArrayList<>();

    private final Queue<Supplier<Transport>> arrivals = new ArrayDeque<>();
    private final WaitSlot changed = new WaitSlot("scripted connections");
    private boolean closed;

    /** A peer connects; its own end is given. */
    public ByteStream connect() {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        arrivals.add(() -> pair.left().transport());
        changed.wake();
        return pair.right();
    }

    /** A transport of the test's own arrives. */
    void arrives(Transport transport) {
        arrivals.add(() -> transport);
        changed.wake();
    }

    /** The next accept fails. */
    void fail(RuntimeException failure) {
        arrivals.add(() -> {
            throw failure;
        });
        changed.wake();
    }

    /** The connections that nobody has accepted. */
    int waiting() {
        return arrivals.size();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Transport accept() {
        askedAtMillis.add(ManualEngine.elapsed().toMillis());
        while (true) {
            if (closed) {
                throw new ClosedException("closed");
            }
            Supplier<Transport> arrival = arrivals.poll();
            if (arrival != null) {
                return arrival.get();
            }
            changed.await();
        }
    }

    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress("127.0.0.1", 7);
    }

    @Override
    public void close() {
        closed = true;
        changed.wake();
    }
}
