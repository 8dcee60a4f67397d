package dev.heddle.net;

import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.engine.ListenOptions;
import dev.heddle.io.MemoryStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * One port that all loops of a run listen on, each with a listener of its own: the system spreads the connections over
 * them ({@code SO_REUSEPORT}, socket(7)), and each stays on the loop that accepted it.
 *
 * <pre>{@code
 * run(Config.DEFAULT.withLoops(4), () -> {
 *     try (PerLoopListener listeners = Tcp.listenOnAllLoops("0.0.0.0", 8080)) {
 *         listeners.serve(ServeOptions.DEFAULT, stream -> talk(stream));
 *     }
 * });
 * }</pre>
 *
 * <p>The handlers of different loops run at the same time, so what they share must be safe for threads.
 *
 * <p>Threads: tasks of the loop that made it. To test code that uses it, give its handler one end of {@link
 * MemoryStreams#pair()}.
 */
public final class PerLoopListener implements AutoCloseable {

    /** One loop and its listener, which only that loop's tasks touch. */
    private record Part(Loop loop, Listener listener) {}

    private final List<Part> parts;
    private final String address;
    private final int port;
    private boolean open = true;
    private boolean serving;

    private PerLoopListener(List<Part> parts, String address, int port) {
        this.parts = List.copyOf(parts);
        this.address = address;
        this.port = port;
    }

    /** {@link Tcp#listenOnAllLoops(String, int, ListenOptions)}. */
    static PerLoopListener listen(String host, int port, ListenOptions options) {
        ListenOptions shared = options.withReusePort(true);
        Listener first = Tcp.listen(host, port, shared);
        int bound = first.port();
        String address = first.address();
        Loop here = Heddle.currentLoop();
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(here, first));
        boolean done = false;
        try {
            for (Loop loop : here.siblings()) {
                if (loop != here) {
                    parts.add(new Part(loop, listenOn(loop, host, bound, shared)));
                }
            }
            done = true;
            return new PerLoopListener(parts, address, bound);
        } finally {
            if (!done) {
                close(parts);
            }
        }
    }

    /** Listens on another loop. A cancel hurries it, and closes what came of it all the same. */
    private static Listener listenOn(Loop loop, String host, int port, ListenOptions options) {
        Task<Listener> task = loop.spawn(() -> Tcp.listen(host, port, options));
        try {
            return task.join();
        } catch (CancelledException e) {
            task.cancel();
            Heddle.shield(() -> {
                if (task.awaitOutcome() instanceof Outcome.Success<Listener>(Listener listener)) {
                    closeOn(loop, listener);
                }
            });
            throw e;
        }
    }

    /**
     * Serves on all loops, as {@link Listener#serve(ServeOptions, StreamHandler)} does on one, until closed or stopped.
     *
     * <p>Cancellation: a cancelled call has closed the listeners, and has cancelled and awaited the handlers.
     *
     * @param options the bounds are for each loop; the handler of failures is called on all loops
     * @param handler runs on all loops
     * @throws ClosedException if it is closed or stopped already
     * @throws BusyException if another task is serving
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void serve(ServeOptions options, StreamHandler handler) {
        if (!open) {
            throw new ClosedException("the listeners at " + address + " are closed");
        }
        if (serving) {
            throw new BusyException("another task is serving at " + address);
        }
        serving = true;
        List<Task<Void>> servers = new ArrayList<>();
        try {
            for (Part part : parts) {
                servers.add(part.loop.spawn(() -> serve(part.listener, options, handler)));
            }
            Heddle.gather(servers.stream().map(PerLoopListener::end).toList());
        } finally {
            servers.forEach(Task::cancel);
            Heddle.shield(() -> servers.forEach(Task::awaitOutcome));
            serving = false;
            close();
        }
    }

    /** On the listener's loop, where a close or stop may have come first. */
    private static void serve(Listener listener, ServeOptions options, StreamHandler handler) {
        if (listener.isOpen()) {
            listener.serve(options, handler);
        }
    }

    private static Callable<Boolean> end(Task<Void> server) {
        return () -> {
            server.join();
            return true;
        };
    }

    /** The port that is really bound, 1 to 65535. */
    public int port() {
        return port;
    }

    /** The address that is really bound, with its port. */
    public String address() {
        return address;
    }

    /** On how many loops it listens. */
    public int loops() {
        return parts.size();
    }

    /** Stops accepting on all loops, as {@link Listener#close}; on the other loops at their next turn. */
    @Override
    public void close() {
        open = false;
        close(parts);
    }

    private static void close(List<Part> parts) {
        for (Part part : parts) {
            if (part.loop == Heddle.currentLoop()) {
                part.listener.close();
            } else {
                closeOn(part.loop, part.listener);
            }
        }
    }

    private static void closeOn(Loop loop, Listener listener) {
        try {
            loop.callFromThread(listener::close);
        } catch (IllegalStateException e) {
            // The loop has ended, and its engine has closed all it held.
        }
    }

    /**
     * Stops the server in order on all loops at once, as {@link Listener#stop}.
     *
     * <p>Cancellation: a cancelled call has stopped accepting; {@link #serve} goes on until its handlers have ended.
     *
     * @return whether all handlers ended by themselves
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean stop(Duration grace) {
        open = false;
        List<Task<Boolean>> stops = parts.stream().map(part -> part.loop.spawn(() -> part.listener.stop(grace)))
                .toList();
        boolean inPeace = true;
        for (Task<Boolean> stop : stops) {
            inPeace &= stop.join();
        }
        return inPeace;
    }

    @Override
    public String toString() {
        return "PerLoopListener[" + address + " on " + parts.size() + " loops]";
    }
}
