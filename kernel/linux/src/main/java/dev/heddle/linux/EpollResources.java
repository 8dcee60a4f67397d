package dev.heddle.linux;

import dev.heddle.engine.Transport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The resources of one engine on epoll: its sockets and its epoll, on which all that waits for readiness stands. */
final class EpollResources {

    final Sockets sockets;
    final Epoll epoll;

    EpollResources(Arena arena) throws IOException {
        sockets = new Sockets(arena);
        epoll = new Epoll(arena, sockets.kernel);
    }

    /** Closes all that is open. */
    void close() {
        for (Epoll.Registration registration : epoll.registrations()) {
            if (registration.handler instanceof Held held) {
                held.engineCloses();
            }
        }
        epoll.close();
    }

    /** What is lost with the engine. */
    interface Held {

        /** The engine ends: close the descriptor, unless it is somebody else's. */
        void engineCloses();
    }

    /** Makes the transports of accepted sockets. */
    @FunctionalInterface
    interface Accepting {

        /**
         * Takes a connected socket over; if that fails, closes it.
         *
         * @param local this end's address; null if the listener has more than one
         */
        Transport accepted(int descriptor, SocketAddress remote, @Nullable SocketAddress local) throws IOException;
    }
}
