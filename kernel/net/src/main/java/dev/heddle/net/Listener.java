package dev.heddle.net;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.engine.Acceptor;
import dev.heddle.internal.Unclosed;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket: accept connections one by one, or serve each in a task of its own.
 *
 * <pre>{@code
 * try (Listener listener = Tcp.listen(7)) {
 *     listener.serve(1_000, stream -> {
 *         byte[] buffer = new byte[4096];
 *         for (int n; (n = stream.read(buffer)) >= 0; ) {
 *             stream.write(buffer, 0, n);
 *         }
 *     });
 * }
 * }</pre>
 *
 * <p>Threads: tasks of one loop; one accepts or serves at a time, and any may close or stop.
 */
public final class Listener implements AutoCloseable {

    private static final PartKind<Listener> KIND = PartKind.later(() -> PartKind.<Listener>of(
            "listener", listener -> Objects.requireNonNull(listener.accepted).figures())
            .named(Listener::address)
            .onLoop(listener -> Objects.requireNonNull(listener.accepted).loop())
            .connecting(listener -> Objects.requireNonNull(listener.accepted).byLoop())
            .until(listener -> listener.accepted == null || listener.accepted.isOver()));

    private final Acceptor acceptor;
    private @Nullable ServeRun server;

    /** Sees to it that it is told if it is dropped open; null if nobody watches. */
    private @Nullable Unclosed watch;

    /** What it has accepted; null before, and if somebody else tells that. */
    private @Nullable Accepted accepted;

    private boolean busy;
    private boolean open = true;

    /**
     * Makes a listener, which owns the acceptor from now on.
     *
     * @param acceptor a listening acceptor of the current loop
     */
    public Listener(Acceptor acceptor) {
        this.acceptor = acceptor;
        Loop loop = Task.ofThread(Thread.currentThread()).<Loop>map(Task::loop).orElse(null);
        if (loop != null) {
            watch = Unclosed.watch(this, loop, "the listener " + address(), acceptor::close);
        }
    }

    private void unwatch() {
        if (watch != null) {
            watch.done();
            watch = null;
        }
    }

    /**
     * Waits for the next connection.
     *
     * <p>Cancellation: a cancelled call has taken no connection.
     *
     * @throws ClosedException if the listener is closed, before or while waiting
     * @throws BusyException if another task is accepting or serving
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public ByteStream accept() {
        begin();
        try {
            Accepted seen = seen();
            var stream = new ByteStream(acceptor.accept());
            seen.add(stream);
            return StreamSight.watched(stream);
        } finally {
            busy = false;
        }
    }

    /** Serves with a bound of connections, as {@link #serve(ServeOptions, StreamHandler)}. */
    public void serve(int maxConnections, StreamHandler handler) {
        serve(ServeOptions.DEFAULT.withMaxConnections(maxConnections), handler);
    }

    /**
     * Accepts connections and runs the handler for each in a task of its own, until the listener is closed or stopped;
     * then waits for the handlers that still run. A handler that throws is reported and ends its connection only. When
     * connections cannot be accepted for a while, it rests and tries again.
     *
     * <p>Cancellation: a cancelled call has closed the listener, and has cancelled and awaited the handlers.
     *
     * @throws BusyException if another task is accepting or serving
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void serve(ServeOptions options, StreamHandler handler) {
        var serving = new ServeRun(options, handler, address());
        begin(serving);
        try {
            serving.run();
        } finally {
            ended();
        }
    }

    /** Takes part in a server, which may have other listeners too. */
    void begin(ServeRun serving) {
        begin();
        serving.add(acceptor, address(), serving.tellsItself() ? null : seen());
        server = serving;
    }

    /** The server it took part in has ended. */
    void ended() {
        busy = false;
        server = null;
        close();
    }

    /** The port that is really bound, 1 to 65535. */
    public int port() {
        return acceptor.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    /** The address that is really bound, with its port: {@code 127.0.0.1:8080}. */
    public String address() {
        return acceptor.localAddress() instanceof InetSocketAddress inet
                ? AddressText.text(inet)
                : acceptor.localAddress().toString();
    }

    /** Whether neither {@link #close} nor {@link #stop} was called. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Stops accepting. A task that waits in {@link #accept} gets a ClosedException; {@link #serve} takes in who is
     * connected already, and goes on until its handlers have ended. Accepted connections stay.
     */
    @Override
    public void close() {
        if (open) {
            open = false;
            unwatch();
            try {
                if (server != null) {
                    server.takeWaiting(acceptor);
                }
            } finally {
                acceptor.close();
            }
            if (accepted != null) {
                accepted.close();
            }
            if (server != null) {
                server.close(acceptor);
            }
        }
    }

    /**
     * Stops a server in order: no more connections are accepted, running handlers get a time of grace to end by
     * themselves, then they are cancelled. Returns when all have ended, so a handler does not call it: it would wait
     * for itself.
     *
     * <p>Cancellation: a cancelled call has stopped accepting; {@link #serve} goes on until its handlers have ended.
     *
     * @param grace how long to wait before handlers are cancelled; zero cancels them at once
     * @return whether all handlers ended by themselves
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean stop(Duration grace) {
        ServeRun serving = server;
        close();
        return serving == null || serving.awaitEnd(grace);
    }

    /** What connections are accepted from, for a listener over this one, which then owns it. */
    public Acceptor acceptor() {
        unwatch(); // who has it can close it
        return acceptor;
    }

    /** What connections are accepted from, which stays this one's. */
    Acceptor under() {
        return acceptor;
    }

    /** Where those can be seen that it accepts, from its first time on. */
    private Accepted seen() {
        Accepted seen = accepted;
        if (seen == null) {
            seen = new Accepted(this, Heddle.currentLoop());
            accepted = seen;
            Parts.add(KIND, this);
        }
        return seen;
    }

    private void begin() {
        if (!open) {
            CancelScope.throwIfCancelled();
            throw new ClosedException("the listener " + address() + " is closed");
        }
        if (busy) {
            CancelScope.throwIfCancelled();
            throw new BusyException("another task is accepting from " + address());
        }
        busy = true;
    }

    @Override
    public String toString() {
        return "Listener[" + address() + (open ? "]" : ", closed]");
    }
}
