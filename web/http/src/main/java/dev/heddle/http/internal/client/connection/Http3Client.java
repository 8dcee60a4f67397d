package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.tls.TlsTrust;
import java.net.InetSocketAddress;

/** HTTP/3 at a client's end, which comes in an artifact of its own; found by {@link java.util.ServiceLoader}. */
public interface Http3Client {

    /**
     * Connects by UDP, and agrees on keys.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param call its limits and times count for the connection
     * @param name whose certificate the server must show: a name, or an address without brackets
     * @throws BrokenException if nobody answers, or keys cannot be agreed on
     */
    ClientSession connect(HostPool host, CallContext call, TlsTrust trust, String name, InetSocketAddress server);
}
