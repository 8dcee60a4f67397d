package dev.heddle.quic.internal;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Handle;
import dev.heddle.ParkingLot;
import dev.heddle.internal.SecretNumbers;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.TlsException;
import dev.heddle.tls.internal.TlsAgreement;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection of QUIC (RFC 9000) on its loop: the library's part of it, its timer, and what its streams wait for.
 *
 * <pre>
 *   HANDSHAKE ──keys agreed──▶ OPEN ──close()──▶ CLOSING ──all sent──▶ LOST ──three round trips──▶ OVER
 *       └──refused, too slow────┴──the peer closes, is silent, abort()──▶│
 * </pre>
 *
 * <p>What tasks read and write is collected, and leaves when the loop comes round: one datagram for many writes.
 *
 * <p>Threads: the tasks and callbacks of its loop.
 */
public final class Conversation {

    /** How long the last bytes behind a close may take. */
    static final Duration LAST_BYTES = Duration.ofSeconds(10);

    /** The last ids of a connection: more than the peer may have in use. */
    private static final int MAX_IDS = 2 * QuicheConfig.MAX_PATHS;

    private static final int RESET_TOKEN_BYTES = 16;

    private enum State {
        HANDSHAKE, OPEN, CLOSING, LOST, OVER
    }

    private final Endpoint endpoint;
    private final QuicheConnection quiche;
    private final byte @Nullable [] original;
    private final @Nullable Resumption resumption;

    /** By which the peer may call this side. */
    private final ArrayDeque<Long> ids = new ArrayDeque<>();

    /** Where the last datagram went, and the same as the library writes it: a client's address may change. */
    private InetSocketAddress peer;

    private byte[] peerBytes = {};

    /** Which of this machine's addresses the peer speaks to, and takes answers from; null if the system chooses. */
    private @Nullable InetAddress asked;

    private final PeerPaths paths;
    private final QuicStreams streams;
    private final QuicDatagrams datagrams;
    private final ParkingLot news = new ParkingLot(this);
    private final Unacknowledged unacknowledged = new Unacknowledged();

    private final Pace pace;

    /** How long {@link #pace} holds back what there is to send; 0 if it does not. */
    private long heldNanos;

    /** How many datagrams leave however many are under way, at once: an answer, a close, or what asks a silent peer. */
    private int urgent;

    /** Whether the next datagram may be a mere acknowledgement. */
    private boolean mayAcknowledge;

    private State state = State.HANDSHAKE;
    private boolean touched;

    /** How often all that there was to send was handed over. */
    private long rounds;

    /** Whether what has changed is being told, so that who hears of it changes no more than that. */
    private boolean settling;

    /** Whether what there is to send waits for what woken tasks are about to write. */
    private boolean putOff;

    private boolean answered;
    private boolean byThisSide;
    private TlsAgreement agreement = TlsAgreement.NONE;
    private @Nullable String whyLost;
    private @Nullable Failure failure;
    private boolean toldByPeer;
    private @Nullable Handle timer;
    private long timerAt = Long.MAX_VALUE;

    /** Ends a handshake, or a close, that takes too long. */
    private @Nullable Handle limit;

    /**
     * @param id by which the peer calls this side
     * @param original by which it does until it knows that; null if it never has another
     * @param resumption null if no session is to be resumed
     */
    Conversation(Endpoint endpoint, QuicheConnection quiche, InetSocketAddress peer, long id,
            byte @Nullable [] original, @Nullable Resumption resumption) {
        this.endpoint = endpoint;
        this.quiche = quiche;
        this.peer = peer;
        this.ids.add(id);
        this.original = original;
        this.resumption = resumption;
        this.paths = new PeerPaths(quiche, endpoint.loop()::nanoTime);
        this.streams = new QuicStreams(this, endpoint.isServer());
        this.datagrams = new QuicDatagrams(this);
        this.pace = new Pace(quiche::nanosOfByte);
        this.limit = endpoint.loop().callLater(endpoint.terms().handshakeTimeout(), this::handshakeIsLate);
    }

    // ---- for its owner ----

    /** Its streams. */
    public QuicStreams streams() {
        return streams;
    }

    /** Its datagrams. */
    public QuicDatagrams datagrams() {
        return datagrams;
    }

    /** What the ends have agreed to speak. */
    public String protocol() {
        return agreement.protocol();
    }

    /** What TLS has agreed on. */
    public TlsAgreement agreement() {
        return agreement;
    }

    /** What has gone over it, in datagrams. */
    public ConnectionSight.Bytes traffic() {
        return state == State.OVER
                ? ConnectionSight.Bytes.NONE
                : new ConnectionSight.Bytes(quiche.receivedBytes(), quiche.sentBytes(), 0, "TLSv1.3");
    }

    /** How long a datagram takes to the peer and one back, as far as is known. */
    public Duration roundTrip() {
        return state == State.OVER ? Duration.ZERO : Duration.ofNanos(quiche.roundTripNanos());
    }

    /** Keeps the peer from taking this side for gone. */
    public void ping() {
        if (state == State.OPEN) {
            quiche.sendPing();
            letGo(1);
            touch();
        }
    }

    /** This end, with its port. */
    public SocketAddress local() {
        return endpoint.localAddress();
    }

    /** This end, fit for a log line. */
    public String localAddress() {
        return Endpoint.text(endpoint.localAddress());
    }

    /** The peer, fit for a log line. */
    public String remoteAddress() {
        return Endpoint.text(peer);
    }

    /** Whether neither side has ended it. */
    public boolean isOpen() {
        return state == State.HANDSHAKE || state == State.OPEN;
    }

    /**
     * Waits until keys are agreed on; throws as {@link #throwIfOver}.
     *
     * @param silence how long the peer may leave the first datagrams without any answer
     */
    void awaitEstablished(Duration silence) {
        Handle patience = endpoint.loop().callLater(silence, () -> {
            if (!answered) {
                giveUp("no answer in " + silence.toMillis() + " ms");
            }
        });
        try {
            while (state == State.HANDSHAKE) {
                news.park();
            }
        } finally {
            patience.cancel();
        }
        throwIfOver();
    }

    /** Waits until it is lost, by whichever side or by the network. */
    public void awaitLost() {
        while (whyLost == null) {
            news.park();
        }
    }

    /**
     * Ends the connection when all that was written to closed streams has arrived, or in {@link #LAST_BYTES}. Streams that
     * are open are aborted.
     */
    public void close() {
        if (isOpen()) {
            byThisSide = true;
            boolean wasOpen = state == State.OPEN;
            state = State.CLOSING;
            streams.abort();
            datagrams.lost();
            cancel(limit);
            limit = endpoint.loop().callLater(wasOpen ? LAST_BYTES : Duration.ZERO,
                    () -> abort(terms().codes().closed(), ""));
            news.unparkAll();
            if (!settling) {
                settle();
            }
        }
    }

    /** Ends the connection at once, with a code of the application. */
    public void abort(long code, String reason) {
        if (whyLost == null) {
            byThisSide = true;
            quiche.close(true, code, reason);
            letGo(1);
            if (!settling) {
                settle();
            }
        }
    }

    private void handshakeIsLate() {
        giveUp("no handshake in " + endpoint.terms().handshakeTimeout().toMillis() + " ms");
    }

    /** The network says that nobody receives at the peer's address; that counts while nobody has answered. */
    void unreachable(BrokenException told) {
        if (!answered) {
            giveUp(String.valueOf(told.getMessage()));
        }
    }

    private void giveUp(String why) {
        if (state == State.HANDSHAKE) {
            lose(why);
            quiche.close(false, 0, "");
            letGo(1);
            settle();
        }
    }

    /**
     * For calls that need it open.
     *
     * @throws ClosedException if this side has closed it
     * @throws BrokenException if it is lost; a {@link TlsException} if keys could not be agreed on
     */
    void throwIfOver() {
        if (byThisSide) {
            throw new ClosedException(this + " is closed");
        }
        if (whyLost != null) {
            String told = this + " is lost: " + whyLost;
            throw failure != null && failure.isTls()
                    ? new TlsException(told, failure.isCertificate() && !toldByPeer,
                            failure.isCertificate() && toldByPeer, null)
                    : new BrokenException(told);
        }
    }

    // ---- for its streams ----

    QuicheConnection quiche() {
        return quiche;
    }

    ConnectionTerms terms() {
        return endpoint.terms();
    }

    ByteBuffer scratch() {
        return endpoint.scratch();
    }

    long scratchAt() {
        return endpoint.scratchAt();
    }

    /** Why nothing can be sent or received any more; null while it can. */
    public @Nullable String whyLost() {
        return whyLost;
    }

    /** Whether the library's part is gone. */
    boolean isOver() {
        return state == State.OVER;
    }

    /** Something is to be sent; see to it that it is when the loop comes round. */
    void touch() {
        if (!touched && state != State.OVER) {
            touched = true;
            endpoint.touched(this);
        }
    }

    /** The number of the round in which what is written now leaves. */
    long round() {
        return rounds;
    }

    /** Hands over what there is to send at once, before anything else is received. */
    void sendNow() {
        if (state != State.OVER) {
            letGo(1);
            flush();
            touch();
        }
    }

    private boolean flush() {
        rounds++;
        heldNanos = 0;
        if (mayAcknowledge && Unacknowledged.IS_BOUND) {
            unacknowledged.resolved(quiche.resolvedBytes());
        }
        return endpoint.flush(this);
    }

    /** Makes the next datagram if one may leave; answers as {@link QuicheConnection#send}. */
    long nextDatagram(long target, int room, long info) {
        long now = endpoint.loop().nanoTime();
        if (urgent == 0) {
            if (!unacknowledged.hasRoom()) {
                return Quiche.DONE;
            }
            heldNanos = pace.waitNanos(now);
            if (heldNanos > 0) {
                quiche.holdBack(target, info);
                return Quiche.DONE;
            }
        }
        long count = paths.send(target, room, info);
        if (count <= 0) {
            count = quiche.send(target, room, info);
        }
        if (count > 0) {
            urgent = Math.max(0, urgent - 1);
            unacknowledged.left((int) count, mayAcknowledge);
            mayAcknowledge = false;
            pace.left(now, (int) count);
        } else {
            pace.rest();
        }
        return count;
    }

    private void letGo(int datagrams) {
        urgent = Math.max(urgent, datagrams);
    }

    // ---- for the endpoint ----

    PeerPaths paths() {
        return paths;
    }

    @Nullable InetAddress asked() {
        return asked;
    }

    Collection<Long> ids() {
        return ids;
    }

    byte @Nullable [] original() {
        return original;
    }

    /**
     * Where the library wants a datagram to go (RFC 9000, section 9).
     *
     * @param at where in the memory it says so
     */
    InetSocketAddress peer(ByteBuffer memory, int at) {
        if (!NativeAddresses.isAt(memory, at, peerBytes)) {
            peerBytes = NativeAddresses.bytes(memory, at);
            peer = NativeAddresses.read(memory, at);
        }
        return peer;
    }

    /**
     * Takes a datagram in; what follows from it comes with {@link #settle}.
     *
     * @param to as {@link dev.heddle.engine.Datagrams#receiver}
     * @return whether it has understood one, this or an earlier one
     */
    boolean received(long bytes, int count, long info, @Nullable InetAddress to) {
        if (state != State.OVER) {
            boolean elsewhere = !Objects.equals(to, asked);
            long before = elsewhere ? quiche.receivedPackets() : 0;
            if (quiche.receive(bytes, count, info) >= 0) {
                answered = true;
                if (elsewhere && quiche.receivedPackets() > before) { // the library also takes what it cannot open
                    asked = to;
                }
            }
            mayAcknowledge = true;
            letGo(1);
            touch();
        }
        return answered;
    }

    /** Sends what there is to send, tells who waits, and sets the timer anew. */
    void settle() {
        touched = false;
        if (state != State.OVER) {
            settling = true;
            try {
                settleNow();
            } finally {
                settling = false;
            }
        }
    }

    private void settleNow() {
        if (state == State.HANDSHAKE && quiche.isEstablished()) {
            state = State.OPEN;
            unacknowledged.clear(); // the packets of the handshake are not waited for any more
            pace.begin(endpoint.loop().nanoTime());
            cancel(limit);
            limit = null;
            agreement = new TlsAgreement("TLSv1.3", "", "", quiche.protocol(), quiche.serverName(), List.of(),
                    quiche.isResumed());
            if (resumption != null) {
                resumption.established(agreement.resumed(), endpoint.loop().nanoTime());
            }
            endpoint.established(this);
            news.unparkAll();
        }
        if (whyLost == null) {
            if (state == State.OPEN) {
                seeToIds();
            }
            if (resumption != null) {
                resumption.look(quiche);
            }
            putOff = streams.settle() && !putOff && state == State.OPEN;
            if (putOff) {
                touch(); // behind them: one call of the library less, and one datagram where there is an answer too
                return;
            }
        }
        if (state == State.CLOSING && streams.areDone()) {
            quiche.close(true, terms().codes().closed(), "");
            letGo(1);
        }
        if (!flush()) {
            return;
        }
        if (whyLost == null) {
            datagrams.settle();
        }
        look();
        if (state != State.OVER) {
            arm();
        }
    }

    /** Lets a client go on from another address, where each side is called by another id (RFC 9000, section 9.5). */
    private void seeToIds() {
        quiche.tellNews(paths);
        boolean taken = true;
        while (taken && quiche.wantsId()) {
            long more = endpoint.newId(this);
            ids.add(more);
            taken = quiche.giveId(more, SecretNumbers.bytes(RESET_TOKEN_BYTES));
            if (ids.size() > MAX_IDS) {
                endpoint.forget(ids.removeFirst());
            }
        }
    }

    private void look() {
        boolean closed = quiche.isClosed();
        if (whyLost == null && (closed || quiche.isDraining() || quiche.localError() != null)) {
            lose(reason());
        }
        if (closed) {
            streams.keepRest();
            state = State.OVER;
            cancel(timer);
            cancel(limit);
            quiche.free();
            endpoint.over(this);
            news.unparkAll();
        }
    }

    private void lose(String why) {
        whyLost = why;
        state = State.LOST;
        cancel(limit);
        streams.lost();
        datagrams.lost();
        news.unparkAll();
    }

    private String reason() {
        failure = quiche.peerError();
        toldByPeer = failure != null;
        if (failure != null) {
            return "the peer has ended it with " + failure;
        }
        failure = quiche.localError();
        if (failure != null && !byThisSide) {
            return "this side has ended it with " + failure;
        }
        if (quiche.isTimedOut()) {
            return "the peer has been silent for " + endpoint.terms().idleTimeout().toMillis() + " ms";
        }
        return byThisSide ? "it is closed" : "the peer does not answer";
    }

    private void arm() {
        long nanos = Math.min(quiche.timeoutNanos(), paths.againNanos());
        if (heldNanos > 0) {
            nanos = Math.min(nanos, heldNanos);
        }
        if (nanos == Long.MAX_VALUE) {
            return;
        }
        long at = endpoint.loop().nanoTime() + nanos;
        // One that fires too early only looks; so an acknowledgement that moves the time back costs nothing.
        if (timer == null || at < timerAt) {
            cancel(timer);
            timerAt = at;
            timer = endpoint.loop().callAt(at, this::timeIsUp);
        }
    }

    private void timeIsUp() {
        timer = null;
        if (state != State.OVER) {
            boolean due = quiche.timeoutNanos() == 0;
            if (due) {
                quiche.onTimeout();
                quiche.tellNews(paths);
            }
            if (due || paths.againNanos() == 0) {
                paths.timeIsUp();
                letGo(2); // RFC 9002, section 6.2.4
            }
            settle();
        }
    }

    /** Frees it, whatever was going on. */
    void endNow() {
        if (state != State.OVER) {
            if (whyLost == null) {
                lose("its socket is closed");
            }
            streams.keepRest();
            state = State.OVER;
            cancel(timer);
            cancel(limit);
            quiche.free();
            news.unparkAll();
        }
    }

    private static void cancel(@Nullable Handle handle) {
        if (handle != null) {
            handle.cancel();
        }
    }

    @Override
    public String toString() {
        return "the connection by QUIC to " + Endpoint.text(peer);
    }
}
