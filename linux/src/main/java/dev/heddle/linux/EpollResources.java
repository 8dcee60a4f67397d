package dev.heddle.linux;

import java.io.IOException;
import java.lang.foreign.Arena;

/** All that an {@link EpollEngine} holds of the system once it is open. */
final class EpollResources {

    final Sockets sockets;
    final Epoll epoll;
    final EventFd bell;
    private final Arena arena;

    EpollResources() throws IOException {
        // Shared, since each task is a thread of its own to the JDK; used by one at a time all the same.
        arena = Arena.ofShared();
        sockets = new Sockets(arena);
        epoll = new Epoll(arena, sockets.kernel);
        bell = new EventFd(sockets.kernel);
        epoll.add(bell.descriptor(), Epoll.EPOLLIN | Epoll.EPOLLET, events -> {});
    }

    void close() {
        for (Epoll.Registration registration : epoll.registrations()) {
            if (registration.handler instanceof Held held) {
                held.engineCloses();
            }
        }
        bell.close(sockets.kernel);
        epoll.close();
        arena.close();
    }

    /** What is lost with the engine. */
    interface Held {

        /** The engine ends: close the descriptor. */
        void engineCloses();
    }
}
