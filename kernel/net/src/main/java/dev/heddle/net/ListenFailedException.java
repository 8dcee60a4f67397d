package dev.heddle.net;

import dev.heddle.HeddleException;
import dev.heddle.internal.Throwables;

/** The failure of a listen: the address is taken, not this machine's, or not allowed. */
public final class ListenFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /**
     * @param address the address and port
     * @param cause the system's reason
     */
    public ListenFailedException(String address, Throwable cause) {
        super("cannot listen on " + address + ": " + Throwables.describe(cause), cause);
    }
}
