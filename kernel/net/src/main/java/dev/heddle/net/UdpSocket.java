package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.LoopLocal;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.Unclosed;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.io.internal.CoopBudget;
import dev.heddle.sync.Mutex;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A socket of datagrams over UDP (RFC 768): each is sent and received whole, and may arrive twice, out of order or
 * never. {@link Udp} opens it.
 *
 * <pre>{@code
 * try (UdpSocket socket = Udp.bind("127.0.0.1", 7)) {
 *     socket.serve(100, datagram -> socket.send(datagram.payload(), datagram.from()));
 * }
 * }</pre>
 *
 * <p>A failure never ends the socket. On a connected one the network's answer that nobody receives at the peer (ICMP,
 * "port unreachable") comes out as a {@link BrokenException} of the next call, whichever that is; it is about an
 * earlier datagram. On one that talks with anybody such answers are not told, as the system does not say whom they are
 * about.
 *
 * <p>Memory: a socket holds no buffer; what was sent to it waits in the system, which drops what does not fit.
 *
 * <p>Cancellation: a cancelled receive has taken nothing, a cancelled send has sent nothing.
 *
 * <p>Threads: tasks of one loop. One receives at a time, any number sends, and any may close.
 *
 * <p>To test code that uses it, run it in the simulator, whose links lose, double and reorder datagrams.
 */
public final class UdpSocket implements AutoCloseable {

    /** The most bytes that UDP carries over IPv4: 65,535 less the headers of both (RFC 768, RFC 791). */
    private static final int MAX_BYTES_IPV4 = 65_507;

    /**
     * One for all sockets of a loop, since no task gives way while it is in use; a byte more than any limit, to tell a
     * cut.
     */
    private static final LoopLocal<ByteBuffer> SCRATCH = LoopLocal.withInitial(
            () -> ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES + 1));

    private final Datagrams datagrams;
    private final DatagramOptions options;
    private static final PartKind<UdpSocket> KIND = PartKind.<UdpSocket>of("UDP socket", UdpSocket::statistics)
            .named(socket -> socket.datagrams.localAddress().toString())
            .until(socket -> !socket.isOpen());

    private final @Nullable InetSocketAddress remote;
    private final ByteBuffer scratch = SCRATCH.get();
    private final Mutex sending = Mutex.named("the way out of a UDP socket");
    private final CoopBudget receivePace = new CoopBudget();
    private final CoopBudget sendPace = new CoopBudget();
    private @Nullable UdpServer server;

    /** Sees to it that it is told if it is dropped open; null if nobody watches. */
    private @Nullable Unclosed watch;

    private boolean receiving;
    private long sent;
    private long received;
    private long truncated;

    UdpSocket(Datagrams datagrams, DatagramOptions options) {
        this(datagrams, options, null);
    }

    UdpSocket(Datagrams datagrams, DatagramOptions options, @Nullable InetSocketAddress remote) {
        this.datagrams = datagrams;
        this.options = options;
        this.remote = remote;
        Parts.add(KIND, this);
        watch = Unclosed.watch(
                this, Heddle.currentLoop(), "the UDP socket " + localAddressText(), datagrams::close);
    }

    /**
     * Receives the next datagram, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return the datagram, cut if it has more bytes than {@link DatagramOptions#maxBytes}
     * @throws ClosedException if the socket is closed, before or while waiting
     * @throws BusyException if another task is receiving or serving
     * @throws BrokenException if the peer of a connected socket does not receive, or the system fails; the socket goes
     *     on working
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public Datagram receive() {
        CancelScope.throwIfCancelled();
        begin();
        try {
            return awaitNext();
        } finally {
            receiving = false;
        }
    }

    /** Receives a datagram if one is there; throws as {@link #receive}, but never waits. */
    public Optional<Datagram> tryReceive() {
        begin();
        try {
            return Optional.ofNullable(next());
        } finally {
            receiving = false;
        }
    }

    private void begin() {
        if (receiving) {
            throw new BusyException("another task is receiving at " + localAddressText());
        }
        receiving = true;
    }

    /** The next datagram, for the one task that has begun to receive. */
    Datagram awaitNext() {
        receivePace.enter();
        Datagram datagram = next();
        while (datagram == null) {
            datagrams.awaitReceivable();
            receivePace.waited();
            datagram = next();
        }
        return datagram;
    }

    private @Nullable Datagram next() {
        int count = datagrams.tryReceive(scratch.clear().limit(options.maxBytes() + 1));
        if (count == Datagrams.NOTHING) {
            return null;
        }
        boolean cut = count > options.maxBytes();
        byte[] bytes = new byte[Math.min(count, options.maxBytes())];
        scratch.get(0, bytes);
        received++;
        if (cut) {
            truncated++;
        }
        return new Datagram(ByteBuffer.wrap(bytes), datagrams.sender(), cut);
    }

    /**
     * Sends a datagram, waiting while the system has no room for it. Senders that wait are served in order.
     *
     * <p>Cancellation: a cancelled call has sent nothing.
     *
     * @param payload the bytes; its position moves to its limit
     * @param to the peer
     * @throws ClosedException if the socket is closed, before or while waiting
     * @throws BrokenException if the system refuses the datagram, such as one to a network without a way or to a
     *     broadcast address that the options do not allow; the socket goes on working
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalArgumentException if no datagram has so many bytes, or the address is unresolved or of another
     *     family
     * @throws IllegalStateException if the socket is connected to another peer
     */
    public void send(ByteBuffer payload, InetSocketAddress to) {
        check(payload, to);
        sendPace.enter();
        if (sending.isHeld() || !datagrams.trySend(payload, to)) {
            sending.run(() -> {
                while (!datagrams.trySend(payload, to)) {
                    datagrams.awaitSendable();
                    sendPace.waited();
                }
            });
        }
        sent++;
    }

    /** Sends an array, as {@link #send(ByteBuffer, InetSocketAddress)}. */
    public void send(byte[] payload, InetSocketAddress to) {
        send(ByteBuffer.wrap(payload), to);
    }

    /** Sends a text as UTF-8, as {@link #send(ByteBuffer, InetSocketAddress)}. */
    public void send(String payload, InetSocketAddress to) {
        send(payload.getBytes(StandardCharsets.UTF_8), to);
    }

    /**
     * Sends a datagram to the peer that the socket is connected to, as {@link #send(ByteBuffer, InetSocketAddress)}.
     *
     * @throws BrokenException also if the peer does not receive: then an earlier datagram is lost, and this one is not
     *     sent
     * @throws IllegalStateException if the socket is not connected
     */
    public void send(ByteBuffer payload) {
        if (remote == null) {
            throw new IllegalStateException(this + " is not connected: say to whom to send");
        }
        send(payload, remote);
    }

    /** Sends an array, as {@link #send(ByteBuffer)}. */
    public void send(byte[] payload) {
        send(ByteBuffer.wrap(payload));
    }

    /** Sends a text as UTF-8, as {@link #send(ByteBuffer)}. */
    public void send(String payload) {
        send(payload.getBytes(StandardCharsets.UTF_8));
    }

    private void check(ByteBuffer payload, InetSocketAddress to) {
        if (to.getAddress() == null) {
            throw new IllegalArgumentException(
                    "the address of " + to.getHostString() + " is not resolved: use Dns.resolve");
        }
        if (remote != null && !remote.equals(to)) {
            throw new IllegalStateException(this + " sends to its peer only, not to " + AddressText.text(to));
        }
        InetAddress own = localAddress().getAddress();
        if (own instanceof Inet6Address && !own.isAnyLocalAddress() && to.getAddress() instanceof Inet4Address) {
            throw new IllegalArgumentException(
                    this + " cannot send to " + AddressText.text(to) + ", which is of another family");
        }
        int most = to.getAddress() instanceof Inet4Address ? MAX_BYTES_IPV4 : DatagramOptions.MAX_BYTES;
        if (payload.remaining() > most) {
            throw new IllegalArgumentException("the datagram to " + AddressText.text(to) + " has " + payload.remaining()
                    + " bytes, the most is " + most + ": send it in parts, or over a stream");
        }
    }

    /** Serves with a bound of handlers, as {@link #serve(ServeOptions, DatagramHandler)}. */
    public void serve(int maxHandlers, DatagramHandler handler) {
        serve(ServeOptions.DEFAULT.withMaxConnections(maxHandlers), handler);
    }

    /**
     * Receives datagrams and runs the handler for each in a task of its own, until the socket is closed; then waits for
     * the handlers that still run. While as many run as the options allow connections, nothing is received, and the
     * system drops what does not fit into its buffer. A handler that throws is reported and ends by itself. A failure
     * to receive is reported, and after a rest it goes on.
     *
     * <p>Cancellation: a cancelled call has closed the socket, and has cancelled and awaited the handlers.
     *
     * @throws ClosedException if the socket is closed already
     * @throws BusyException if another task is receiving or serving
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void serve(ServeOptions serveOptions, DatagramHandler handler) {
        if (!isOpen()) {
            throw new ClosedException(this + " is closed");
        }
        begin();
        var serving = new UdpServer(this, serveOptions, handler);
        server = serving;
        try {
            serving.run();
        } finally {
            receiving = false;
            server = null;
            close();
        }
    }

    /**
     * Becomes a member of a multicast group on one network; does nothing if it is.
     *
     * @param group a multicast address of the socket's family
     * @param on the network
     * @throws BrokenException if the system refuses
     * @throws ClosedException if the socket is closed
     * @throws IllegalArgumentException if the group is no multicast address or of another family
     */
    public void join(InetAddress group, NetworkInterface on) {
        change("join " + group.getHostAddress(), () -> datagrams.join(group, on));
    }

    /**
     * Becomes a member of a multicast group on the network of the engine's choice, as {@link #join(InetAddress,
     * NetworkInterface)}.
     */
    public void join(InetAddress group) {
        change("join " + group.getHostAddress(), () -> datagrams.join(group));
    }

    /** Leaves a multicast group on all networks; does nothing if it is no member. */
    public void leave(InetAddress group) {
        datagrams.leave(group);
    }

    /**
     * Chooses the network on which it sends to multicast groups; else the system does.
     *
     * @throws BrokenException if the system refuses
     * @throws ClosedException if the socket is closed
     */
    public void multicastOn(NetworkInterface on) {
        change("send multicast on " + on.getName(), () -> datagrams.multicastOn(on));
    }

    private interface Change {
        void make() throws IOException;
    }

    private void change(String what, Change change) {
        try {
            change.make();
        } catch (IOException e) {
            throw new BrokenException(this + " cannot " + what + ": " + Throwables.describe(e), e);
        }
    }

    /** The port that is really bound, 1 to 65535. */
    public int port() {
        return localAddress().getPort();
    }

    /** The address that is really bound, with its port. */
    public InetSocketAddress localAddress() {
        return datagrams.localAddress();
    }

    /** The peer, if it is connected. */
    public Optional<InetSocketAddress> remoteAddress() {
        return Optional.ofNullable(remote);
    }

    /** What it has done so far. */
    public UdpStatistics statistics() {
        return new Statistics(sent, received, truncated);
    }

    /** Whether {@link #close} was not called. */
    public boolean isOpen() {
        return datagrams.isOpen();
    }

    /**
     * Closes it: what was sent is still sent, what was not received is lost. Tasks that wait in it get a {@link
     * ClosedException}. Never waits; does nothing the second time.
     */
    @Override
    public void close() {
        if (watch != null) {
            watch.done();
            watch = null;
        }
        datagrams.close();
        UdpServer serving = server;
        if (serving != null) {
            serving.closed();
        }
    }

    private String localAddressText() {
        return AddressText.text(localAddress());
    }

    @Override
    public String toString() {
        return "UdpSocket[" + localAddressText() + (remote == null ? "" : " with " + AddressText.text(remote))
                + (isOpen() ? "]" : ", closed]");
    }

    /** What the statistics are, at one moment. */
    record Statistics(@Counter long sent, @Counter long received, @Counter long truncated) implements UdpStatistics {}
}
