package dev.heddle.http.internal.server;

import java.util.function.Supplier;

/** A port of a server's HTTP/3. Threads: the tasks of the loop that has opened it. */
public interface Http3Port {

    /**
     * Serves until closed, and waits for the connections that are left then.
     *
     * @param here gives what the current loop runs of the server; called on each loop of the port
     */
    void serve(Supplier<ServerLoop> here);

    /** Takes no more connections. */
    void close();

    /** Cancels what still serves, and waits for its end. */
    void cancel();
}
