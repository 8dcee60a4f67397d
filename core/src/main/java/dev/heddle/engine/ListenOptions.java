package dev.heddle.engine;

import dev.heddle.internal.Checks;

/**
 * The options of a listening socket.
 *
 * @param backlog most connections that the system keeps waiting to be accepted, at least 1
 * @param reuseAddress whether a port may be taken over from connections that are still winding down
 * @param reusePort whether several listeners may share the port, as one per loop does
 */
public record ListenOptions(int backlog, boolean reuseAddress, boolean reusePort) {

    /** 1,024 waiting connections, address reuse, no sharing of the port. */
    public static final ListenOptions DEFAULT = new ListenOptions(1024, true, false);

    public ListenOptions {
        Checks.atLeast("backlog", backlog, 1);
    }
}
