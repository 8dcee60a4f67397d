package dev.heddle.net;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.ParkingLot;
import dev.heddle.TaskGroup;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Transport;
import dev.heddle.internal.sight.Events;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TellsItself;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link Listener#serve} or {@link ListenerGroup#serve}: the accept loops, the group that owns the handlers,
 * and the counts that bound them.
 *
 * <pre>
 *   serving ──all acceptors closed──▶ closing ──the handlers end, or are cancelled after the grace──▶ ended
 * </pre>
 */
final class ServeRun {

    private final ServeOptions options;
    private final StreamHandler handler;
    private final String address;
    private final List<AcceptLoop> loops = new ArrayList<>();
    private final ParkingLot stoppers;

    /** How many connections each peer has, where that is bounded. */
    private final Map<String, Integer> byHost = new HashMap<>();

    private @Nullable TaskGroup group;
    private int active;
    private boolean ended;

    ServeRun(ServeOptions options, StreamHandler handler, String address) {
        this.options = options;
        this.handler = handler;
        this.address = address;
        this.stoppers = new ParkingLot("the end of the server " + address);
    }

    /**
     * Adds an acceptor, before the run.
     *
     * @param seen where its connections can be seen; null for nowhere
     */
    void add(Acceptor acceptor, String at, @Nullable Accepted seen) {
        loops.add(new AcceptLoop(this, acceptor, options, at, seen));
    }

    /** Whether its handler tells its connections by itself. */
    boolean tellsItself() {
        return handler instanceof TellsItself;
    }

    /** Serves until all acceptors are closed and the handlers have ended. */
    void run() {
        try {
            Heddle.group(g -> {
                group = g;
                for (AcceptLoop other : loops.subList(1, loops.size())) {
                    g.spawn("accept " + other.address(), () -> other.run());
                }
                loops.getFirst().run();
            });
        } finally {
            ended = true;
            stoppers.unparkAll();
        }
    }

    /** Whether no more connections may be accepted for now. */
    boolean isFull() {
        return active >= options.maxConnections();
    }

    /** Serves an accepted connection in a task of its own. */
    void start(Transport transport, @Nullable Accepted seen) {
        String remote = transport.remoteAddress();
        // Not kept where nobody counts by it: most connections are idle most of the time.
        String host = options.maxPerAddress() < options.maxConnections() ? AddressText.host(remote) : "";
        if (!enter(host)) {
            transport.abort();
            return;
        }
        try {
            var connection = new Connection(transport, host);
            connection.task = group().spawn("connection " + remote, connection);
            if (seen != null) {
                seen.add(connection);
            }
        } catch (Throwable e) {
            leave(host);
            transport.abort();
            throw e;
        }
    }

    private TaskGroup group() {
        TaskGroup running = group;
        if (running == null) {
            throw new IllegalStateException("the server " + address + " does not run");
        }
        return running;
    }

    private boolean enter(String host) {
        if (!host.isEmpty()) {
            int count = byHost.getOrDefault(host, 0);
            if (count >= options.maxPerAddress()) {
                return false;
            }
            byHost.put(host, count + 1);
        }
        active++;
        return true;
    }

    private void leave(String host) {
        active--;
        byHost.computeIfPresent(host, (h, count) -> count == 1 ? null : count - 1);
        loops.forEach(AcceptLoop::handlerEnded);
    }

    /**
     * One connection and its task. A class and one method, since the stack of an idle task is most of what it costs.
     */
    private final class Connection extends Accepted.Served implements Action {

        private final Transport transport;
        private final String host;

        /** What who hears of it wants back; null if nobody did when it came. */
        private final @Nullable Object heard;

        Connection(Transport transport, String host) {
            this.transport = transport;
            this.host = host;
            Events events = Events.heard();
            this.heard = events == null ? null : events.begin(Events.Kind.ACCEPTED);
        }

        @Override
        public void run() {
            var accepted = new ByteStream(transport);
            stream = accepted;
            try {
                handler.handle(accepted);
                accepted.close();
            } catch (Throwable e) {
                accepted.abort();
                if (e instanceof CancelledException || e instanceof InterruptedException) {
                    // A stray cancel that is not this task's own is a failure like any other.
                    CancelScope.throwIfCancelled();
                }
                options.report("the handler of the connection from " + accepted.remoteAddress() + " failed", e);
            } finally {
                gone();
                leave(host);
                Events events = Events.heard();
                if (events != null && heard != null) {
                    events.ended(Events.Kind.ACCEPTED, heard, accepted::remoteAddress, null);
                }
            }
        }

        @Override
        Transport transport() {
            return transport;
        }
    }

    /** One of its acceptors is about to be closed. */
    void takeWaiting(Acceptor acceptor) {
        if (group != null && !ended) {
            loops.forEach(loop -> loop.takeWaiting(acceptor));
        }
    }

    /** One of its acceptors is closed. */
    void close(Acceptor acceptor) {
        loops.forEach(loop -> loop.closed(acceptor));
    }

    /**
     * Waits until all handlers have ended, and cancels them after the grace.
     *
     * @return whether none had to be cancelled
     */
    boolean awaitEnd(Duration grace) {
        Heddle.moveOnAfter(Kernel.withinStop(grace), this::awaitUnlessEnded);
        if (ended) {
            return true;
        }
        if (group != null) {
            group.cancel("the server " + address + " stops");
        }
        awaitUnlessEnded();
        return false;
    }

    private void awaitUnlessEnded() {
        if (!ended) {
            stoppers.park();
        }
    }
}
