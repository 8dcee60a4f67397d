package dev.heddle.http.client;

import dev.heddle.io.ByteStream;

/** The maker of the TCP connection under a request; the seam by which tests give the client their own streams. */
@FunctionalInterface
public interface Connector {

    /**
     * Looks the name up and connects.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param host a name or an IP address without brackets
     * @param port 1 to 65,535
     */
    ByteStream connect(String host, int port);
}
