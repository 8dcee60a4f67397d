package dev.heddle.http.internal.server;

/** A port of a server's HTTP/3. Threads: the tasks of its loop. */
public interface Http3Port {

    /** Serves until closed, and waits for the connections that are left then. */
    void serve(ServerLoop loop);

    /** Takes no more connections. */
    void close();

    /** Cancels what still serves, and waits for its end. */
    void cancel();
}
