package dev.heddle.engine;

import dev.heddle.internal.Checks;

/**
 * The options of a listening socket.
 *
 * @param backlog most connections that the system keeps waiting to be accepted, at least 1
 * @param reuseAddress whether a port may be taken over from connections that are still winding down
 * @param reusePort whether several listeners may share the port, as one per loop does
 * @param deferAccept whether a connection may come only when its first bytes have come, or after a second without any:
 *     where the peer speaks first, that saves a wait for each. Where the system has no such thing it comes at once
 */
public record ListenOptions(int backlog, boolean reuseAddress, boolean reusePort, boolean deferAccept) {

    /** 1,024 waiting connections, address reuse, no sharing of the port, connections at once. */
    public static final ListenOptions DEFAULT = new ListenOptions(1024, true, false);

    public ListenOptions {
        Checks.atLeast("backlog", backlog, 1);
    }

    /** Options with connections at once. */
    public ListenOptions(int backlog, boolean reuseAddress, boolean reusePort) {
        this(backlog, reuseAddress, reusePort, false);
    }

    /** The same, but for sharing the port. */
    public ListenOptions withReusePort(boolean shared) {
        return new ListenOptions(backlog, reuseAddress, shared, deferAccept);
    }

    /** The same, but for when connections come. */
    public ListenOptions withDeferAccept(boolean deferred) {
        return new ListenOptions(backlog, reuseAddress, reusePort, deferred);
    }
}
