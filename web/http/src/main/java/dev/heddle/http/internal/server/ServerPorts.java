package dev.heddle.http.internal.server;

import dev.heddle.net.Listener;
import dev.heddle.net.ListenerGroup;
import dev.heddle.net.PerLoopListener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.StreamHandler;
import java.time.Duration;

/**
 * The ports of a server, where its connections come from: listeners of one loop, or one port on all loops.
 *
 * @param close stops accepting
 * @param cancel cancels what still serves, and waits for its end
 * @param port the port that is really bound; of several the first's
 * @param address the address that is really bound; of several the first's
 */
public record ServerPorts(Service service, Runnable close, Runnable cancel, int port, String address) {

    /** What accepts the connections. */
    @FunctionalInterface
    public interface Service {

        /** Serves until closed, with the bound of connections for each loop. */
        void serve(ServeOptions options, StreamHandler handler);
    }

    /** Listeners of one loop. */
    public static ServerPorts of(ListenerGroup listeners) {
        Listener first = listeners.all().getFirst();
        return new ServerPorts(listeners::serve, listeners::close, () -> listeners.stop(Duration.ZERO), first.port(),
                first.address());
    }

    /** One port of all loops. */
    public static ServerPorts of(PerLoopListener listeners) {
        return new ServerPorts(listeners::serve, listeners::close, () -> listeners.stop(Duration.ZERO),
                listeners.port(), listeners.address());
    }
}
