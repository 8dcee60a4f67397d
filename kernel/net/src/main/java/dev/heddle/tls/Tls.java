package dev.heddle.tls;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Unclosed;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.Streams;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;
import dev.heddle.io.internal.StreamSight;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Tcp;
import dev.heddle.tls.internal.SecureTransport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The functions that connect and listen over TLS 1.3 and 1.2, on TCP or on any other stream: nobody between the ends
 * can read or change the bytes.
 *
 * <pre>{@code
 * try (ByteStream stream = Tls.connect("example.org", 443)) {
 *     stream.write("GET / HTTP/1.0\r\nHost: example.org\r\n\r\n");
 *     byte[] page = stream.readAll(1_000_000);
 * }
 *
 * try (Listener listener = Tls.listen("0.0.0.0", 443, ServerTls.of(identity))) {
 *     listener.serve(1_000, stream -> stream.write("hello\n"));
 * }
 * }</pre>
 *
 * <p>What comes out is a {@link ByteStream} and a {@link Listener} like any other, so code above need not know. A few
 * things differ. A peer that ends the connection without ending TLS may have been cut off by somebody else: reading
 * then throws a {@link TruncatedException}. With TLS 1.2 the end of one direction is the end of both. A cancelled write
 * may break the output even if nothing has left.
 *
 * <p>Threads: tasks only; what is made belongs to the current loop. Computing the keys is offloaded, records are coded
 * on the loop.
 *
 * <p>Cancellation: a cancelled call leaves no connection.
 *
 * <p>To test code that uses it, put both ends over {@link MemoryStreams} with a {@link TlsIdentity#selfSigned}.
 */
public final class Tls {

    private Tls() {}

    /** Connects with {@link ClientTls#DEFAULT}, as {@link #connect(String, int, ClientTls)}. */
    public static ByteStream connect(String host, int port) {
        return connect(host, port, ClientTls.DEFAULT);
    }

    /**
     * Connects to a host by {@link Tcp#connect(String, int)} and agrees on TLS with it.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param host a name or an address in its text form; the server's certificate must be for it
     * @param port 1 to 65535
     * @param tls whom to trust and what to offer
     * @throws ConnectFailedException if no connection could be made
     * @throws TlsException if the server speaks no TLS, none in common or not in time, or is not who it must be
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static ByteStream connect(String host, int port, ClientTls tls) {
        return upgradeClient(Tcp.connect(host, port), host, tls);
    }

    /**
     * Listens on an address, with TLS on each connection. The handshake is done in the task that handles the
     * connection, when it first reads or writes: a peer that is slow holds up nobody else, and one that fails makes
     * that call throw a {@link TlsException}.
     *
     * @param host as for {@link Tcp#listen(String, int)}
     * @param port 0 to 65535; 0 picks a free one
     * @throws ListenFailedException if the address cannot be bound
     * @throws ResolveException if the host is a name without an address
     * @throws CancelledException if the enclosing scope is cancelled while the name is looked up or the keys are read
     */
    public static Listener listen(String host, int port, ServerTls tls) {
        return listen(host, port, tls, ListenOptions.DEFAULT);
    }

    /** Listens as {@link #listen(String, int, ServerTls)}, with options for the socket. */
    public static Listener listen(String host, int port, ServerTls tls, ListenOptions options) {
        tls.prepare();
        return over(Tcp.listen(host, port, options), tls);
    }

    /**
     * Puts TLS over another listener, such as one of Unix sockets, as {@link #listen(String, int, ServerTls)} does.
     *
     * @param plain nobody accepts from it yet; owned by the answer from now on
     */
    public static Listener over(Listener plain, ServerTls tls) {
        return new Listener(new TlsAcceptor(plain.acceptor(), tls));
    }

    /**
     * Agrees on TLS over a stream that is in use already, as the client: after STARTTLS for instance. The stream itself
     * can then only be closed.
     *
     * <p>Bytes that have come and nobody has read are refused: somebody on the way may have put them in, and they would
     * pass for what the server says under TLS (CVE-2011-0411).
     *
     * <p>Cancellation: a cancelled call has closed the connection.
     *
     * @param plain a stream that nobody reads or writes
     * @param host whom the server's certificate must be for
     * @throws TlsException if it cannot be agreed on, or bytes came in plain; the connection is closed
     * @throws BusyException if another task reads or writes the stream; it stays as it was
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static ByteStream upgradeClient(ByteStream plain, String host, ClientTls tls) {
        Unclosed watched = StreamSight.watchOf(plain);
        Transport inner = plain.upgrade();
        return agreed(inner, watched, () -> tls.over(inner, host));
    }

    /**
     * Agrees on TLS over a stream that is in use already, as the server; otherwise as {@link #upgradeClient}.
     *
     * <p>Cancellation: a cancelled call has closed the connection.
     */
    public static ByteStream upgradeServer(ByteStream plain, ServerTls tls) {
        Unclosed watched = StreamSight.watchOf(plain);
        Transport inner = plain.upgrade();
        return agreed(inner, watched, () -> tls.over(inner));
    }

    private interface Putting {
        TlsTransport over();
    }

    /** @param watched the watch over what was there before; null if others close it, as they will close this */
    private static ByteStream agreed(Transport inner, @Nullable Unclosed watched, Putting tls) {
        boolean agreed = false;
        Transport owner = inner;
        try {
            CancelScope.throwIfCancelled();
            TlsTransport transport = tls.over();
            owner = transport;
            transport.handshake();
            agreed = true;
            return StreamSight.watchedAfter(watched, new ByteStream(transport));
        } finally {
            if (!agreed && owner.isOpen()) {
                owner.abort();
            }
        }
    }

    /**
     * What the ends of a stream have agreed on, also if it has wrappers of {@link Streams} around it, but not if it is
     * one of two that were stapled. Waits for the handshake if it is not done.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     *
     * @return empty if the stream has no TLS
     * @throws TlsException if the handshake fails
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static Optional<TlsSession> session(ByteStream stream) {
        Optional<SecureTransport> tls = transport(stream);
        if (tls.isEmpty()) {
            return Optional.empty();
        }
        CancelScope.throwIfCancelled();
        return Optional.of(TlsSession.of(tls.get().agreement()));
    }

    private static Optional<SecureTransport> transport(ByteStream stream) {
        return switch (StreamSight.transport(stream)) {
            case SecureTransport transport -> Optional.of(transport);
            case FilterTransport filter -> filter.find(SecureTransport.class);
            default -> Optional.empty();
        };
    }
}
