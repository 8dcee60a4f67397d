package dev.heddle.quic.internal;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.LoopLocal;
import dev.heddle.Task;
import dev.heddle.engine.DatagramEngine;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.WaitSlot;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.net.Dns;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.ResolveException;
import dev.heddle.quic.QuicListenerStatistics;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket of datagrams, and the connections of QUIC that go through it: who gets which datagram (RFC 9000, section 5.2),
 * who is let in, and what leaves.
 *
 * <p>A service task of the loop receives; the connections send when the loop comes round. What the system has no room for
 * waits here, one datagram, and with it all connections.
 *
 * <p>Threads: the tasks and callbacks of its loop.
 */
public final class Endpoint {

    private static final System.Logger LOG = System.getLogger("dev.heddle");

    private static final PartKind<Endpoint> KIND = PartKind
            .<Endpoint>of("QUIC listener", Endpoint::statistics)
            .named(endpoint -> endpoint.localAddress().toString())
            .onLoop(Endpoint::loop)
            .until(endpoint -> !endpoint.isOpen());

    /** Bytes of an id that this side has chosen: the peer's datagrams begin with it. */
    private static final int ID_BYTES = Long.BYTES;

    /** So many datagrams are taken in before what follows from them is sent, and the rest of those that came with them. */
    private static final int BATCH = 64;

    /** A datagram of a client that begins a connection has so many bytes at least (RFC 9000, section 14.1). */
    private static final int MIN_FIRST_BYTES = 1_200;

    /** So many datagrams leave in one call at most. */
    private static final int RUN = 16;

    private static final int SCRATCH_BYTES = 64 * 1024;

    /** The most bytes that wait in the system to be received; it gives what it allows. The usual few are one burst. */
    private static final int RECEIVE_BUFFER_BYTES = 2 * 1024 * 1024;

    /** Where the parts of {@code quiche_recv_info} and the addresses that it points to are. */
    private static final int FROM_AT = 64;
    private static final int TO_AT = FROM_AT + NativeAddresses.MOST_BYTES;
    private static final int SEND_INFO_AT = TO_AT + NativeAddresses.MOST_BYTES;
    private static final int SEND_INFO_BYTES = 288;

    /** Where in {@code quiche_send_info} the receiver's address is. */
    private static final int RECEIVER_AT = SEND_INFO_AT + QuicheConnection.RECEIVER_AT;

    private static final DatagramOptions SOCKET = DatagramOptions.DEFAULT.withReceiveBufferBytes(RECEIVE_BUFFER_BYTES);

    private static final int INFO_BYTES = SEND_INFO_AT + SEND_INFO_BYTES;

    private static final LoopLocal<Memory> MEMORY = LoopLocal.withInitial(
            () -> new Memory(allocate(SCRATCH_BYTES), allocate(SCRATCH_BYTES)));

    /** What all endpoints of a loop use, each for one step: the datagrams that are being taken in, and other bytes. */
    private record Memory(ByteBuffer in, ByteBuffer scratch) {}

    private final Loop loop = Heddle.currentLoop();
    private final Datagrams datagrams;
    private final ConnectionTerms terms;
    private final QuicheConfig config;
    private final PortShare share;

    /** Whose certificates a client takes; null for a server. */
    private final @Nullable TlsTrust trust;

    private final ByteBuffer in = MEMORY.get().in;
    private final ByteBuffer out = allocate(RUN * QuicheConfig.MAX_DATAGRAM_BYTES);
    private final ByteBuffer scratch = MEMORY.get().scratch;
    private final ByteBuffer infos = allocate(INFO_BYTES);
    private final long inAt = address(in);
    private final long outAt = address(out);
    private final long scratchAt = address(scratch);
    private final long infosAt = address(infos);

    private final Set<Conversation> conversations = new LinkedHashSet<>();
    private final Map<Long, Conversation> byId = new HashMap<>();
    private final Map<ByteBuffer, Conversation> byOriginal = new HashMap<>();
    private final ArrayDeque<Conversation> arrived = new ArrayDeque<>();
    private final WaitSlot accepting;
    private final WaitSlot sending;
    private final Set<Conversation> blocked = new LinkedHashSet<>();
    private List<Conversation> touched = new ArrayList<>();
    private @Nullable Handle round;
    private int handshakes;

    /** To whom datagrams in {@link #out} wait for room in the system; null for none. */
    private @Nullable InetSocketAddress unsent;

    /** From which of this machine's addresses; null for the system's choice. */
    private @Nullable InetAddress unsentFrom;

    /** To which address of this machine the datagram came that is being taken in, as {@link Datagrams#receiver}. */
    private @Nullable InetAddress asked;

    private boolean accepts = true;
    private boolean isAwaited;
    private boolean closed;
    private long established;
    private long resumed;
    private long retried;
    private long refused;

    private Endpoint(Datagrams datagrams, ConnectionTerms terms, QuicheConfig config, PortShare share,
            @Nullable TlsTrust trust) {
        this.datagrams = datagrams;
        this.terms = terms;
        this.config = config;
        this.share = share;
        this.trust = trust;
        this.accepting = new WaitSlot("a connection at ", this);
        this.sending = new WaitSlot("datagrams of ", this);
        infos.putLong(0, infosAt + FROM_AT).putLong(16, infosAt + TO_AT);
        infos.putInt(24, NativeAddresses.write(datagrams.localAddress(), infos, TO_AT));
        share.begin(loop, this::takeForwarded);
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Where it begins, wherever somebody else's last step has left its position. */
    private static long address(ByteBuffer memory) {
        return MemorySegment.ofBuffer(memory.duplicate().clear()).address();
    }

    /**
     * Listens on an address; errors as for {@link #ofServer}.
     *
     * @throws ListenFailedException if it cannot be bound
     * @throws ResolveException if the host is a name without an address
     */
    public static Endpoint listen(String host, int port, ConnectionTerms terms, String identity) {
        return ofServer(open(new InetSocketAddress(Dns.resolve(host).getFirst(), port), SOCKET), terms, identity,
                PortShare.whole());
    }

    /**
     * Listens on an address beside the other loops of this run, as {@link #listen(String, int, ConnectionTerms, String)}.
     *
     * @param share this loop's
     */
    public static Endpoint listen(
            String host, int port, ConnectionTerms terms, String identity, PortShare share) {
        var local = new InetSocketAddress(Dns.resolve(host).getFirst(), port);
        return ofServer(open(local, SOCKET.withReusePort(true)), terms, identity, share);
    }

    private static Datagrams open(InetSocketAddress local, DatagramOptions options) {
        try {
            return DatagramEngine.of(Heddle.currentLoop().engine()).datagrams(local, options);
        } catch (IOException e) {
            throw new ListenFailedException(local.toString(), e);
        }
    }

    /**
     * Opens the end of a server.
     *
     * @param datagrams its socket, owned from now on
     * @param identity chain and key in PEM
     * @param share what this loop has of the port
     * @throws HeddleException if the identity is not taken
     * @throws UnsupportedOperationException if the library cannot be used here
     */
    public static Endpoint ofServer(Datagrams datagrams, ConnectionTerms terms, String identity, PortShare share) {
        Endpoint endpoint = opened(datagrams, terms, null, share,
                () -> Heddle.offload(() -> new QuicheConfig(terms, identity, null, share.ticketKey())));
        Parts.add(KIND, endpoint);
        return endpoint;
    }

    /**
     * Opens the end of a client, for one connection; errors as for {@link #ofServer}.
     *
     * @throws BrokenException if there is no way to the server
     * @throws IllegalStateException if the trust cannot be written as PEM
     */
    public static Endpoint ofClient(InetSocketAddress server, ConnectionTerms terms, TlsTrust trust) {
        InetAddress any = InetAddress.ofLiteral(server.getAddress() instanceof Inet4Address ? "0.0.0.0" : "::");
        Datagrams datagrams = open(new InetSocketAddress(any, 0), SOCKET);
        boolean connected = false;
        try {
            datagrams.connect(server);
            connected = true;
        } catch (IOException e) {
            throw new BrokenException("no way to " + text(server), e);
        } finally {
            if (!connected) {
                datagrams.close();
            }
        }
        return opened(datagrams, terms, trust, PortShare.whole(), () -> ClientConfigs.get(terms, trust));
    }

    private static Endpoint opened(Datagrams datagrams, ConnectionTerms terms, @Nullable TlsTrust trust,
            PortShare share, Supplier<QuicheConfig> config) {
        boolean opened = false;
        try {
            var endpoint = new Endpoint(datagrams, terms, config.get(), share, trust);
            Kernel kernel = Kernel.get();
            Task<Void> _ = kernel.spawnService(endpoint.loop, "receive at " + endpoint, endpoint::receive);
            Task<Void> _ = kernel.spawnService(endpoint.loop, "send at " + endpoint, endpoint::send);
            opened = true;
            return endpoint;
        } finally {
            if (!opened) {
                datagrams.close();
            }
        }
    }

    // ---- for its owner ----

    /**
     * Connects, and waits for the handshake.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param host the name or address that the peer's certificate is to be for
     * @param silence how long the peer may leave the first datagrams without any answer
     * @throws BrokenException if the peer does not answer, or keys cannot be agreed on
     */
    public Conversation connect(String host, InetSocketAddress peer, Duration silence) {
        Conversation conversation = begin(host, peer);
        boolean established = false;
        try {
            conversation.settle();
            conversation.awaitEstablished(silence);
            if (PeerAddress.isLiteral(host)) {
                PeerAddress.check(conversation.quiche().peerCertificate(), peer);
            }
            established = true;
            return conversation;
        } finally {
            if (!established) {
                conversation.abort(0, "");
            }
        }
    }

    private Conversation begin(String host, InetSocketAddress peer) {
        // What the library compares with the certificate.
        String name = PeerAddress.isLiteral(host) ? null : host;
        long id = newId();
        infos.putInt(8, NativeAddresses.write(peer, infos, FROM_AT));
        if (name != null) {
            put((name + '\0').getBytes(StandardCharsets.US_ASCII), ID_BYTES);
        }
        put(id, 0);
        long address = Quiche.CONNECT.call(name == null ? 0 : scratchAt + ID_BYTES, scratchAt, ID_BYTES,
                infosAt + TO_AT, infos.getInt(24), infosAt + FROM_AT, infos.getInt(8), config.address(), 0, 0, 0);
        if (address == 0) {
            end();
            throw new HeddleException("QUIC cannot connect to " + text(peer));
        }
        var quiche = new QuicheConnection(address);
        SessionMemory sessions = terms.sessions();
        Resumption resumption = sessions == null || trust == null
                ? null
                : new Resumption(sessions, new SessionMemory.Key(host, peer.getPort(), trust, terms.protocols()));
        if (resumption != null) {
            resumption.offer(quiche, loop.nanoTime());
        }
        var conversation = new Conversation(this, quiche, peer, id, null, resumption);
        add(conversation, id);
        return conversation;
    }

    /**
     * Waits for the next connection whose keys are agreed on.
     *
     * @throws ClosedException if the endpoint takes no more
     * @throws BusyException if another task waits
     */
    public Conversation accept() {
        if (isAwaited) {
            throw new BusyException("another task accepts from " + this);
        }
        isAwaited = true;
        try {
            while (true) {
                if (!accepts) {
                    throw new ClosedException(this + " takes no more connections");
                }
                Conversation next = arrived.poll();
                if (next != null) {
                    return next;
                }
                accepting.await();
            }
        } finally {
            isAwaited = false;
        }
    }

    /** Takes no more connections in; the socket is closed when the last one is over. */
    public void close() {
        accepts = false;
        List.copyOf(arrived).forEach(Conversation::close);
        arrived.clear();
        accepting.wake();
        closeIfIdle();
    }

    /** Closes the socket at once. Its connections say that they end, and no more. */
    public void abort() {
        List.copyOf(conversations).forEach(each -> each.abort(terms.codes().closed(), ""));
        end();
    }

    public InetSocketAddress localAddress() {
        return datagrams.localAddress();
    }

    /** What it has done so far, and has. */
    public record Statistics(int connections, @Counter long established, @Counter long resumed,
            @Counter long retried, @Counter long refused, @Counter long forwarded, @Counter long dropped)
            implements
                QuicListenerStatistics {}

    public QuicListenerStatistics statistics() {
        return new Statistics(conversations.size(), established, resumed, retried, refused, share.forwarded(),
                share.dropped());
    }

    /** Whether it takes connections. */
    public boolean isOpen() {
        return accepts;
    }

    // ---- for its conversations ----

    Loop loop() {
        return loop;
    }

    ConnectionTerms terms() {
        return terms;
    }

    boolean isServer() {
        return trust == null;
    }

    /** Memory for one step of a stream. */
    ByteBuffer scratch() {
        return scratch;
    }

    long scratchAt() {
        return scratchAt;
    }

    void touched(Conversation conversation) {
        touched.add(conversation);
        if (round == null) {
            round = loop.callSoon(this::settleAll);
        }
    }

    private void settleAll() {
        round = null;
        List<Conversation> now = touched;
        touched = new ArrayList<>();
        for (Conversation conversation : now) {
            try {
                conversation.settle();
            } catch (RuntimeException e) {
                failed(conversation, e);
            }
        }
    }

    /** A connection has failed in a way that nobody has thought of: it ends, and the others go on. */
    private void failed(Conversation conversation, RuntimeException e) {
        conversation.endNow();
        over(conversation);
        loop.config().failureHandler().failed(conversation.toString(), e);
    }

    void established(Conversation conversation) {
        forgetOriginal(conversation);
        established++;
        resumed += conversation.agreement().resumed() ? 1 : 0;
        if (isServer()) {
            if (accepts) {
                arrived.add(conversation);
                accepting.wake();
            } else {
                conversation.close();
            }
        }
    }

    void over(Conversation conversation) {
        forgetOriginal(conversation);
        conversations.remove(conversation);
        conversation.ids().forEach(byId::remove);
        arrived.remove(conversation);
        closeIfIdle();
    }

    private void forgetOriginal(Conversation conversation) {
        byte[] original = conversation.original();
        if (original != null && byOriginal.remove(ByteBuffer.wrap(original)) != null) {
            handshakes--;
        }
    }

    private void closeIfIdle() {
        if (conversations.isEmpty() && (!isServer() || !accepts)) {
            end();
        }
    }

    private void end() {
        if (!closed) {
            closed = true;
            accepts = false;
            datagrams.close();
            share.end();
            List.copyOf(conversations).forEach(Conversation::endNow);
            conversations.clear();
            byId.clear();
            if (isServer()) {
                config.close();
            }
            accepting.wake();
            sending.wake();
        }
    }

    // ---- sending ----

    /**
     * Sends all that a connection has to send now.
     *
     * @return false if the system has no room; the connection is settled again when it has
     */
    boolean flush(Conversation conversation) {
        boolean more = true;
        while (more && unsent == null) {
            more = flushRun(conversation);
        }
        if (more) {
            blocked.add(conversation);
        }
        return !more;
    }

    /** Sends one datagram, and those that follow it as long as they have its length; false if there was none. */
    private boolean flushRun(Conversation conversation) {
        int begun = 0;
        int end = 0;
        InetSocketAddress to = null;
        int count = QuicheConfig.MAX_DATAGRAM_BYTES;
        while (count == QuicheConfig.MAX_DATAGRAM_BYTES && end + count <= out.capacity()) {
            count = (int) conversation.nextDatagram(outAt + end, count, infosAt + SEND_INFO_AT);
            if (count > 0) {
                InetSocketAddress peer = conversation.peer(infos, RECEIVER_AT);
                if (to != null && to != peer) {
                    leave(begun, end, to, conversation.asked());
                    begun = end;
                }
                to = peer;
                end += count;
            }
        }
        if (to != null) {
            leave(begun, end, to, conversation.asked());
        }
        return count > 0;
    }

    /** Sends a part of {@link #out}; unless another waits there, then it is as if it were lost. */
    private void leave(int begun, int end, InetSocketAddress to, @Nullable InetAddress from) {
        if (unsent == null) {
            out.limit(end).position(begun);
            if (!leaves(to, from)) {
                unsent = to;
                unsentFrom = from;
                sending.wake();
            }
        }
    }

    private boolean leaves(InetSocketAddress peer, @Nullable InetAddress from) {
        try {
            return datagrams.trySendEach(out, QuicheConfig.MAX_DATAGRAM_BYTES, peer, from);
        } catch (BrokenException e) {
            // As if it were lost on the way: it is sent again, and where none arrives, the silence says so.
            return true;
        }
    }

    /** Sends what the system had no room for. */
    private void send() {
        try {
            while (!closed) {
                InetSocketAddress peer = unsent;
                if (peer == null) {
                    sending.await();
                } else if (leaves(peer, unsentFrom)) {
                    unsent = null;
                    blocked.forEach(Conversation::touch);
                    blocked.clear();
                } else {
                    datagrams.awaitSendable();
                }
            }
        } catch (ClosedException e) {
            // This side closed the socket.
        }
    }

    // ---- receiving ----

    private void receive() {
        try {
            while (!closed) {
                int taken = 0;
                int run = 1;
                while (taken < BATCH && run > 0) {
                    run = receiveRun(); // what follows is sent when all are in
                    taken += run;
                }
                if (run == 0) {
                    datagrams.awaitReceivable();
                }
                Heddle.checkpoint();
            }
        } catch (ClosedException e) {
            // This side closed the socket.
        } finally {
            end();
        }
    }

    /** Takes what one call gives, mostly several datagrams; returns how many, 0 if none is there. */
    private int receiveRun() {
        int bytes;
        try {
            bytes = datagrams.tryReceiveEach(in.clear());
        } catch (BrokenException e) {
            // The network's word about an earlier datagram, which anybody can forge: good for a first try only.
            List.copyOf(conversations).forEach(conversation -> conversation.unreachable(e));
            return 1;
        }
        if (bytes == Datagrams.NOTHING) {
            return 0;
        }
        InetSocketAddress from = datagrams.sender();
        asked = datagrams.receiver();
        int end = in.position();
        int taken = 0;
        int at = 0;
        do {
            take(in.limit(Math.min(end, at + bytes)).position(at), from);
            at += bytes;
            taken++;
        } while (at < end && !closed);
        return taken;
    }

    private void take(ByteBuffer datagram, InetSocketAddress from) {
        Conversation conversation = find(from);
        if (conversation == null) {
            return;
        }
        infos.putInt(8, NativeAddresses.write(from, infos, FROM_AT));
        try {
            conversation.paths().admit(infos, FROM_AT, datagram);
            if (!conversation.received(inAt + datagram.position(), datagram.remaining(), infosAt, asked)
                    && isServer()) {
                // No first datagram of a client, but what only looks so.
                conversation.endNow();
                over(conversation);
            }
        } catch (RuntimeException e) {
            failed(conversation, e);
        }
    }

    /** Takes a datagram that has come to another loop's socket. */
    private void takeForwarded(ByteBuffer datagram, InetSocketAddress from, @Nullable InetAddress to) {
        if (!closed) {
            asked = to;
            take(in.clear().put(datagram).flip(), from);
        }
    }

    private @Nullable Conversation find(InetSocketAddress from) {
        if (!PacketHeader.isLong(in)) {
            if (in.remaining() <= ID_BYTES) {
                return null;
            }
            long id = in.getLong(in.position() + 1);
            Conversation known = byId.get(id);
            return known != null || share.forward(id, in, from, asked) ? known : null;
        }
        PacketHeader header = PacketHeader.read(in);
        if (header == null) {
            return null;
        }
        byte[] called = header.destination();
        Conversation known = called.length == ID_BYTES ? byId.get(id(called)) : null;
        if (known == null) {
            known = byOriginal.get(ByteBuffer.wrap(called));
        }
        boolean begins = known == null && isServer()
                && (called.length != ID_BYTES || !share.forward(id(called), in, from, asked));
        return begins ? begin(header, from) : known;
    }

    private static long id(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
    }

    /** Lets a client in, or sends it what it is to do first; null if nothing comes of the datagram. */
    private @Nullable Conversation begin(PacketHeader header, InetSocketAddress from) {
        if (in.remaining() < MIN_FIRST_BYTES || !accepts || from.getPort() == 0) {
            return null;
        }
        if (header.version() != Quiche.PROTOCOL_VERSION) {
            put(header.source(), 0);
            put(header.destination(), 64);
            answer(from, Quiche.NEGOTIATE.call(scratchAt, header.source().length, scratchAt + 64,
                    header.destination().length, outAt, out.capacity()));
            return null;
        }
        if (!header.initial()) {
            return null;
        }
        if (conversations.size() >= terms.maxConnections()) {
            refuse();
            return null;
        }
        byte[] token = header.token();
        if (token.length > 0 && header.destination().length == ID_BYTES) {
            long id = id(header.destination());
            byte[] original = share.tokens().original(loop.nanoTime(), from, token, id);
            if (original != null) {
                return accepted(from, id, original, null);
            }
        }
        if (handshakes >= terms.maxHandshakes()) {
            retried++;
            retry(header, from);
            return null;
        }
        return accepted(from, newId(), null, header.destination());
    }

    /** Copies bytes into the scratch memory. */
    private void put(byte[] bytes, int at) {
        scratch.clear().put(at, bytes);
    }

    private void put(long id, int at) {
        scratch.clear().putLong(at, id);
    }

    private void answer(InetSocketAddress to, long count) {
        if (count > 0 && unsent == null) {
            out.clear().limit((int) count);
            leaves(to, asked); // what has no room is lost: the peer asks again
        }
    }

    /** Silence is what costs nothing; the client tries again as long as it likes. */
    private void refuse() {
        if (refused == 0) {
            LOG.log(System.Logger.Level.WARNING,
                    this + " has as many connections as QuicOptions.maxConnections allows, "
                            + terms.maxConnections() + ": more get no answer (said once)");
        }
        refused++;
    }

    private void retry(PacketHeader header, InetSocketAddress from) {
        long id = newId();
        byte[] token = share.tokens().make(loop.nanoTime(), from, header.destination(), id);
        put(header.source(), 0);
        put(header.destination(), 64);
        put(id, 128);
        put(token, 192);
        answer(from, Quiche.RETRY.call(scratchAt, header.source().length, scratchAt + 64,
                header.destination().length, scratchAt + 128, ID_BYTES, scratchAt + 192, token.length,
                header.version(), outAt, out.capacity()));
    }

    /**
     * @param original what the client had called this side before it was asked to come back; null if it was not
     * @param called what it calls this side for now; null if that is {@code id}
     */
    private @Nullable Conversation accepted(InetSocketAddress from, long id, byte @Nullable [] original,
            byte @Nullable [] called) {
        infos.putInt(8, NativeAddresses.write(from, infos, FROM_AT));
        put(id, 0);
        if (original != null) {
            put(original, 64);
        }
        long address = Quiche.ACCEPT.call(scratchAt, ID_BYTES, original == null ? 0 : scratchAt + 64,
                original == null ? 0 : original.length, infosAt + TO_AT, infos.getInt(24), infosAt + FROM_AT,
                infos.getInt(8), config.address(), 0, 0);
        if (address == 0) {
            return null;
        }
        var conversation = new Conversation(this, new QuicheConnection(address), from, id, called, null);
        add(conversation, id);
        if (called != null) {
            byOriginal.put(ByteBuffer.wrap(called), conversation);
            handshakes++;
        }
        return conversation;
    }

    private void add(Conversation conversation, long id) {
        conversations.add(conversation);
        byId.put(id, conversation);
    }

    /** One more id by which a peer may call this side. */
    long newId(Conversation conversation) {
        long id = newId();
        byId.put(id, conversation);
        return id;
    }

    void forget(long id) {
        byId.remove(id);
    }

    private long newId() {
        long id;
        do {
            id = share.newId();
        } while (byId.containsKey(id));
        return id;
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? '[' + host + ']' : host) + ':' + address.getPort();
    }

    @Override
    public String toString() {
        return "QUIC at " + text(localAddress());
    }
}
