package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.tls.TlsTrust;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * HTTP/3 at a client's end, and what it remembers of servers; it comes in an artifact of its own, found by {@link
 * java.util.ServiceLoader}. Each loop of each client has one for itself.
 */
public interface Http3Client {

    /**
     * Makes one that remembers nothing yet.
     *
     * @throws UnsupportedOperationException if there is none; it says what to do
     */
    static Http3Client create() {
        return Found.MAKER.orElseThrow(() -> new UnsupportedOperationException(
                "HTTP/3 comes in an artifact of its own: add dev.heddle:heddle-http3")).get();
    }

    /**
     * Looks whether it can be used here; a task may wait for that.
     *
     * @throws UnsupportedOperationException if not; it says what to do
     */
    static void require() {
        create().whyNot().ifPresent(why -> {
            throw new UnsupportedOperationException("no HTTP/3 here: " + why);
        });
    }

    /** Looked for when it is first asked for. */
    final class Found {

        private static final Optional<ServiceLoader.Provider<Http3Client>> MAKER = ServiceLoader
                .load(Http3Client.class, Http3Client.class.getClassLoader())
                .stream()
                .findFirst();

        private Found() {}
    }

    /** Why it cannot be used here; empty if it can. */
    Optional<String> whyNot();

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
