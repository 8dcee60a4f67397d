package dev.heddle.net;

import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several listeners that are served as one: under one bound of connections, and with one stop.
 *
 * <pre>{@code
 * try (ListenerGroup listeners = ListenerGroup.of(
 *         Tcp.listen("127.0.0.1", 8080), Tcp.listen("::1", 8080), Unix.listen(Path.of("/run/app/app.sock")))) {
 *     listeners.serve(ServeOptions.DEFAULT, stream -> talk(stream));
 * }
 * }</pre>
 *
 * <p>Each may be closed by itself; serving ends with the last one. For one port on all loops see {@link
 * PerLoopListener}.
 *
 * <p>Threads: tasks of one loop; one serves at a time, and any may close or stop. To test code that uses it, connect to
 * it in the simulator.
 */
public final class ListenerGroup implements AutoCloseable {

    private final List<Listener> all;
    private @Nullable ServeRun server;

    private ListenerGroup(List<Listener> all) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("there are no listeners");
        }
        this.all = all;
    }

    /** Joins listeners, at least one; they are closed with this. */
    public static ListenerGroup of(Listener... listeners) {
        return new ListenerGroup(List.of(listeners));
    }

    /** The listeners, as they were given. */
    public List<Listener> all() {
        return all;
    }

    /**
     * Serves the connections of all listeners, as {@link Listener#serve(ServeOptions, StreamHandler)} does those of
     * one.
     *
     * <p>Cancellation: a cancelled call has closed the listeners, and has cancelled and awaited the handlers.
     *
     * @param options the bounds are for all listeners together; each rests by itself when it cannot accept
     * @throws ClosedException if one of the listeners is closed already
     * @throws BusyException if another task is accepting from one of them, or serving
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void serve(ServeOptions options, StreamHandler handler) {
        var serving = new ServeRun(options, handler, addresses());
        int begun = 0;
        try {
            for (Listener listener : all) {
                listener.begin(serving);
                begun++;
            }
            server = serving;
            serving.run();
        } finally {
            all.subList(0, begun).forEach(Listener::ended);
            server = begun == all.size() ? null : server;
        }
    }

    private String addresses() {
        return all.stream().map(Listener::address).collect(Collectors.joining(", "));
    }

    /** Stops accepting everywhere, as {@link Listener#close}. */
    @Override
    public void close() {
        all.forEach(Listener::close);
    }

    /**
     * Stops the server in order, as {@link Listener#stop}: first no listener accepts any more, then all handlers get
     * the same time of grace.
     *
     * <p>Cancellation: a cancelled call has stopped accepting; {@link #serve} goes on until its handlers have ended.
     *
     * @return whether all handlers ended by themselves
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean stop(Duration grace) {
        ServeRun serving = server;
        close();
        return serving == null || serving.awaitEnd(grace);
    }

    @Override
    public String toString() {
        return "ListenerGroup[" + addresses() + "]";
    }
}
