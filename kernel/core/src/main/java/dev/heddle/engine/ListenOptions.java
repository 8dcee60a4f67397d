package dev.heddle.engine;

import dev.heddle.internal.Checks;

/**
 * The options of a listening socket.
 */
public final class ListenOptions {

    /** 1,024 waiting connections, address reuse, no sharing of the port, connections at once. */
    public static final ListenOptions DEFAULT = new ListenOptions(1024, true, false, false);

    private final int backlog;
    private final boolean reuseAddress;
    private final boolean reusePort;
    private final boolean deferAccept;

    private ListenOptions(int backlog, boolean reuseAddress, boolean reusePort, boolean deferAccept) {
        Checks.atLeast("backlog", backlog, 1);
        this.backlog = backlog;
        this.reuseAddress = reuseAddress;
        this.reusePort = reusePort;
        this.deferAccept = deferAccept;
    }

    /** Most connections that the system keeps waiting to be accepted, at least 1. */
    public int backlog() {
        return backlog;
    }

    /** Whether a port may be taken over from connections that are still winding down. */
    public boolean reuseAddress() {
        return reuseAddress;
    }

    /** Whether several listeners may share the port, as one per loop does. */
    public boolean reusePort() {
        return reusePort;
    }

    /**
     * Whether a connection may come only when its first bytes have come, or after a second without any: where the peer
     * speaks first, that saves a wait for each. Where the system has no such thing it comes at once.
     */
    public boolean deferAccept() {
        return deferAccept;
    }

    /** The same, but for the most connections that wait. */
    public ListenOptions withBacklog(int backlog) {
        return new ListenOptions(backlog, reuseAddress, reusePort, deferAccept);
    }

    /** The same, but for taking over a port. */
    public ListenOptions withReuseAddress(boolean reuseAddress) {
        return new ListenOptions(backlog, reuseAddress, reusePort, deferAccept);
    }

    /** The same, but for sharing the port. */
    public ListenOptions withReusePort(boolean shared) {
        return new ListenOptions(backlog, reuseAddress, shared, deferAccept);
    }

    /** The same, but for when connections come. */
    public ListenOptions withDeferAccept(boolean deferred) {
        return new ListenOptions(backlog, reuseAddress, reusePort, deferred);
    }

    @Override
    public String toString() {
        return "ListenOptions[backlog=" + backlog + ", reuseAddress=" + reuseAddress + ", reusePort=" + reusePort
                + ", deferAccept=" + deferAccept + "]";
    }
}
