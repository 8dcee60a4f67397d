package dev.heddle.quic;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.internal.TaskAccess;
import dev.heddle.net.Dns;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.ResolveException;
import dev.heddle.quic.internal.ConnectionTerms;
import dev.heddle.quic.internal.Endpoint;
import dev.heddle.quic.internal.QuicheLibrary;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The functions that connect and listen by QUIC (RFC 9000), whose TLS is version 1.3 (RFC 9001).
 *
 * <pre>{@code
 * QuicOptions notes = QuicOptions.DEFAULT.withProtocols("notes");
 * try (QuicListener listener = Quic.listen("0.0.0.0", 4433, identity, notes)) {
 *     listener.serve(connection -> connection.serve(stream -> stream.write("hello\n")));
 * }
 * }</pre>
 *
 * <p>Threads: tasks only; what is made belongs to the current loop. Keys are computed on the loop.
 */
public final class Quic {

    private Quic() {}

    /**
     * Why there is no QUIC here, such as a system that the library does not know; empty where there is. Any thread may ask.
     * The first call loads the library, which takes tenths of a second: a task waits for a worker thread then, and no
     * cancel cuts it off.
     */
    public static Optional<String> whyNot() {
        return TaskAccess.get().current() == null
                ? QuicheLibrary.whyNot()
                : Heddle.shield(() -> Heddle.offload(QuicheLibrary::whyNot));
    }

    /**
     * Listens on an address.
     *
     * <p>Cancellation: a cancelled call listens nowhere.
     *
     * @param host an address of this machine in its text form, or a name of it
     * @param port 0 to 65535; 0 picks a free one, see {@link QuicListener#port}
     * @param identity who the server is
     * @param options what it speaks and grants; with at least one protocol
     * @throws ListenFailedException if the address cannot be bound
     * @throws ResolveException if the host is a name without an address
     * @throws UnsupportedOperationException if there is no QUIC here, see {@link #whyNot}
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static QuicListener listen(String host, int port, TlsIdentity identity, QuicOptions options) {
        CancelScope.throwIfCancelled();
        ConnectionTerms terms = options.terms();
        String keys = identity.pem();
        return new QuicListener(Endpoint.listen(host, port, terms, keys));
    }

    /** Connects to a host whose certificate the system trusts, as {@link #connect(String, int, TlsTrust, QuicOptions)}. */
    public static QuicConnection connect(String host, int port, QuicOptions options) {
        return connect(host, port, TlsTrust.system(), options);
    }

    /**
     * Connects to a host, to the first of its addresses.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param host a name or an address in its text form; the server's certificate must be for it
     * @param port 1 to 65535
     * @param trust whose certificates are taken
     * @param options what this end speaks and grants; with at least one protocol
     * @throws BrokenException if nobody answers in time, or keys cannot be agreed on
     * @throws ResolveException if the host is a name without an address
     * @throws UnsupportedOperationException if there is no QUIC here, see {@link #whyNot}
     * @throws IllegalStateException if the trust is less what is revoked
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static QuicConnection connect(String host, int port, TlsTrust trust, QuicOptions options) {
        CancelScope.throwIfCancelled();
        ConnectionTerms terms = options.terms();
        var remote = new InetSocketAddress(Dns.resolve(host).getFirst(), port);
        return new QuicConnection(
                Endpoint.ofClient(remote, terms, trust).connect(host, remote, terms.handshakeTimeout()));
    }
}
