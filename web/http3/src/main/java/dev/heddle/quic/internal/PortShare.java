package dev.heddle.quic.internal;

import dev.heddle.Loop;
import dev.heddle.internal.SecretNumbers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The share that one loop has of a port which several loops serve, each with a socket of its own. The system chooses the socket by the
 * addresses of a datagram, and a client's may change; so the ids that a loop gives out carry its number, and what comes to
 * another loop's socket is forwarded to the loop whose connection it is for (as load balancers do, draft-ietf-quic-load-balancers).
 *
 * <p>An id has six bytes by chance, and the number in two more. They are masked by a code over the six with a secret key, so
 * nobody else can tell which ids are of one loop, or of one connection (RFC 9000, section 5.1). An id that a client has
 * chosen bears the number of another loop by chance, once in 65,536 for each loop. Then that loop serves the connection.
 *
 * <p>The loops share keys, which never change, and these queues, and nothing else.
 *
 * <p>Threads: its loop's, but another loop's {@link #forward} comes in by the queue.
 */
public final class PortShare {

    /** The most datagrams that wait for a loop at the sockets of others; more are dropped, as a network may. */
    static final int MAX_FORWARDED = 1_024;

    /** So many are taken in before the loop goes round. */
    private static final int BATCH = 64;

    private static final int CHANCE_BITS = 48;
    private static final long CHANCE = (1L << CHANCE_BITS) - 1;
    private static final String CODE = "HmacSHA256";

    /** Bytes of a key for tickets in the library. */
    private static final int TICKET_KEY_BYTES = 48;

    /** Takes what has come in at another socket. */
    interface Taker {
        void take(ByteBuffer datagram, InetSocketAddress from, @Nullable InetAddress to);
    }

    private record Forwarded(ByteBuffer datagram, InetSocketAddress from, @Nullable InetAddress to) {}

    private final PortShare[] all;
    private final int number;
    private final RetryTokens tokens;
    private final byte[] ticketKey;
    private final Mac mask;

    private final ConcurrentLinkedQueue<Forwarded> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean called = new AtomicBoolean();
    private volatile @Nullable Loop loop;
    private @Nullable Taker taker;
    private long forwarded;
    private long dropped;

    private PortShare(PortShare[] all, int number, RetryTokens tokens, byte[] ticketKey, SecretKeySpec idKey) {
        this.all = all;
        this.number = number;
        this.tokens = tokens;
        this.ticketKey = ticketKey;
        try {
            mask = Mac.getInstance(CODE);
            mask.init(idKey);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(CODE + " is in every JDK", e);
        }
    }

    /** The shares of so many loops. */
    public static List<PortShare> of(int loops) {
        var tokens = new RetryTokens();
        byte[] ticketKey = SecretNumbers.bytes(TICKET_KEY_BYTES);
        var idKey = new SecretKeySpec(SecretNumbers.bytes(32), CODE);
        var all = new PortShare[loops];
        for (int number = 0; number < loops; number++) {
            all[number] = new PortShare(all, number, tokens, ticketKey, idKey);
        }
        return List.of(all);
    }

    /** All of a port that one loop serves. */
    static PortShare whole() {
        return of(1).getFirst();
    }

    /** Begins to take what others forward to this loop. */
    void begin(Loop own, Taker by) {
        taker = by;
        loop = own;
    }

    /** Takes nothing more. */
    void end() {
        loop = null;
        queue.clear();
    }

    RetryTokens tokens() {
        return tokens;
    }

    /** The key of the tickets of TLS, so that each loop resumes a session of any; null if one loop is alone, and makes its own. */
    byte @Nullable [] ticketKey() {
        return all.length == 1 ? null : ticketKey;
    }

    /** An id by which this loop's datagrams are known. */
    long newId() {
        long chance = ByteBuffer.wrap(SecretNumbers.bytes(Long.BYTES)).getLong();
        return all.length == 1 ? chance : (chance & CHANCE) | ((mask(chance) ^ number) << CHANCE_BITS);
    }

    private long mask(long id) {
        byte[] code = mask.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(id & CHANCE).array());
        return ByteBuffer.wrap(code).getChar();
    }

    /**
     * Forwards a datagram to the loop whose number is in its id.
     *
     * @param datagram stays as it is
     * @param to as {@link dev.heddle.engine.Datagrams#receiver}
     * @return false if it is of this loop, or of none; true if it is of another, be it dropped or not
     */
    boolean forward(long id, ByteBuffer datagram, InetSocketAddress from, @Nullable InetAddress to) {
        int owner = all.length == 1 ? number : (int) ((id >>> CHANCE_BITS) ^ mask(id));
        if (owner == number || owner >= all.length) {
            return false;
        }
        boolean fits = datagram.remaining() <= QuicheConfig.MAX_DATAGRAM_BYTES;
        if (fits && all[owner].isToTake(datagram, from, to)) {
            forwarded++;
        } else {
            dropped++;
        }
        return true;
    }

    private boolean isToTake(ByteBuffer datagram, InetSocketAddress from, @Nullable InetAddress to) {
        Loop own = loop;
        if (own == null) {
            return false;
        }
        if (queued.incrementAndGet() > MAX_FORWARDED) {
            queued.decrementAndGet();
            return false;
        }
        queue.add(new Forwarded(
                ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip(), from, to));
        try {
            call(own);
            return true;
        } catch (IllegalStateException e) {
            return false; // the loop has ended
        }
    }

    private void call(Loop own) {
        if (called.compareAndSet(false, true)) {
            own.callFromThread(this::takeAll);
        }
    }

    private void takeAll() {
        called.set(false);
        for (int left = BATCH; left > 0; left--) {
            Forwarded next = queue.poll();
            if (next == null) {
                return;
            }
            queued.decrementAndGet();
            if (taker != null) {
                taker.take(next.datagram, next.from, next.to);
            }
        }
        Loop own = loop;
        if (own != null) {
            call(own); // the others have their turn first
        }
    }

    /** How many datagrams this loop has forwarded. */
    long forwarded() {
        return forwarded;
    }

    /** How many it has dropped instead. */
    long dropped() {
        return dropped;
    }
}
