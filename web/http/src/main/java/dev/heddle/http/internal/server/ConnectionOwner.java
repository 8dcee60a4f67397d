package dev.heddle.http.internal.server;

import dev.heddle.Task;

/** The server that connections belong to: whether it stops, and what it tells its log. Threads: all loops that serve. */
public interface ConnectionOwner {

    /** Whether the server is about to stop or stopping, so that each response announces the close of its connection. */
    boolean isDraining();

    /** Whether no more requests are served but those under way. */
    boolean isStopping();

    /** A connection has ended before its first request. */
    void notEntered(String remoteAddress, Throwable failure);

    /** What a handler has spawned ends with its request. */
    void cutOff(Task<?> child);

    /** A file could not be read, or closed, in the middle of a response. */
    void fileFailed(FileContent file, Throwable failure);

    /** The stop is over, and so many handlers go on. */
    void stillRunning(int connections);
}
