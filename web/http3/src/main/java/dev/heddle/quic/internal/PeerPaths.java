package dev.heddle.quic.internal;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * The addresses that the peer of a server's connection has had, each a path of the library's (RFC 9000, section 9). It checks
 * them, and sends no more than it may to one that has not answered. Three things it leaves to us:
 *
 * <ul>
 * <li>What was under way to the last address it never takes for lost, as only an acknowledgement of something later that
 * went there would say so; a lost word about windows would then hold up an upload for good. So when the timer of such a
 * path has fired, what asks for an acknowledgement there leaves for the address that the peer has now.
 * <li>A packet from an address that has failed to answer leaves it without a path to send on, or with two: it ends the
 * connection, and the checks of the artifact's library end the process. So such a datagram counts for how much may
 * be sent to there, and is not read; the address is asked again, and what follows may be read.
 * <li>A question that a peer acknowledges and does not answer, as quiche's clients do in the middle of an upload, it never asks again.
 * </ul>
 *
 * <p>Threads: the connection's loop.
 */
final class PeerPaths {

    /** How long after a question the next is asked. */
    private static final long AGAIN_NANOS = 250_000_000;

    private final QuicheConnection quiche;
    private final LongSupplier clock;
    private boolean moved;

    /** Whether the address of now may not have answered yet. */
    private boolean unproved;

    /** When it is asked again. */
    private long againAtNanos;

    /** Whether any address has ever failed: the library tells of each once, and it may fail again. */
    private boolean failed;

    /** Bytes that have come from an address that has failed, and that no question was sent for: one that may not leave holds all up. */
    private int credit;

    /** The next path for which something may leave; {@link QuicheConfig#MAX_PATHS} for none. */
    private int next = QuicheConfig.MAX_PATHS;

    /** @param clock in nanoseconds */
    PeerPaths(QuicheConnection quiche, LongSupplier clock) {
        this.quiche = quiche;
        this.clock = clock;
    }

    /** The library has news of paths. */
    void heard(int event) {
        moved |= event == Quiche.PATH_IS_NEW;
        failed |= event == Quiche.PATH_HAS_FAILED;
        if (moved && !unproved) {
            askLater();
        }
    }

    private void askLater() {
        unproved = true;
        againAtNanos = clock.getAsLong() + AGAIN_NANOS;
    }

    /** In which time {@link #timeIsUp} is to be called, in nanoseconds, be there a timer or not. */
    long againNanos() {
        return unproved ? Math.max(0, againAtNanos - clock.getAsLong()) : Long.MAX_VALUE;
    }

    /** A timer has fired, maybe that of an earlier path. */
    void timeIsUp() {
        next = moved ? 0 : QuicheConfig.MAX_PATHS;
        unproved = false;
        for (int number = 0; moved && quiche.look(number); number++) {
            int state = quiche.pathState();
            boolean active = quiche.isPathActive() && state != QuicheConnection.PATH_PROVED;
            if (active) {
                askLater();
            }
            boolean again = state == QuicheConnection.PATH_FAILED && credit >= QuicheConfig.MAX_DATAGRAM_BYTES;
            if (active || again) {
                quiche.probePath();
                credit -= again ? QuicheConfig.MAX_DATAGRAM_BYTES : 0;
            }
        }
    }

    /**
     * Spoils a datagram that may not be read: the library is to count it all the same. Its sender is asked again.
     *
     * @param memory where the sender's address is, and at which place
     */
    void admit(ByteBuffer memory, int at, ByteBuffer datagram) {
        if (!failed) {
            return;
        }
        byte[] from = NativeAddresses.bytes(memory, at);
        int number = 0;
        while (quiche.look(number) && !quiche.isPathTo(from)) {
            number++;
        }
        if (quiche.isPathTo(from) && quiche.pathState() == QuicheConnection.PATH_FAILED) {
            quiche.probePath();
            credit += datagram.remaining(); // of the three times as much that may be sent
            int last = datagram.limit() - 1;
            datagram.put(last, (byte) ~datagram.get(last)); // the code that seals it is wrong now
        }
    }

    /** Makes the next datagram for an earlier path, which goes to the peer's address of now; as {@link QuicheConnection#send}. */
    long send(long target, int room, long info) {
        int now = next < QuicheConfig.MAX_PATHS ? proved() : -1;
        while (now >= 0 && quiche.look(next)) {
            boolean earlier = next != now && quiche.pathState() == QuicheConnection.PATH_PROVED;
            long count = earlier ? quiche.sendOnPath(target, room, info) : Quiche.DONE;
            if (count > 0) {
                quiche.look(now);
                quiche.writePeer(info);
                return count;
            }
            next++;
        }
        next = QuicheConfig.MAX_PATHS;
        return Quiche.DONE;
    }

    /** Looks at the path that is in use: its number, or -1 if it has not proved itself, as nothing may be added then. */
    private int proved() {
        int number = 0;
        while (quiche.look(number) && !quiche.isPathActive()) {
            number++;
        }
        return quiche.isPathActive() && quiche.pathState() == QuicheConnection.PATH_PROVED ? number : -1;
    }
}
