package dev.heddle.quic.internal;

/**
 * The count of a connection's datagrams that are under way without an acknowledgement.
 *
 * <p>The library of the artifact writes the number of a packet in one byte while fewer than 256 are under way. From 128
 * on a peer that has missed them all takes it for another number, and can read nothing any more (RFC 9000, section 17.1;
 * <a href="https://github.com/cloudflare/quiche/issues/2180">quiche 2180</a>). So only so many are let go that this
 * cannot happen.
 *
 * <p>The library tells how many bytes were acknowledged or lost, and not which: they are taken for the oldest. Datagrams
 * that may be mere acknowledgements do not count, since those are not acknowledged.
 *
 * <p>Threads: one loop's.
 */
final class Unacknowledged {

    /** So many may be under way: what answers the peer, and what asks a silent one, may go beyond. */
    private static final int MAX = 100;

    static final boolean IS_BOUND = !QuicheLibrary.IS_NEWER;

    /** Mere acknowledgements are shorter. */
    private static final int MAX_ACKNOWLEDGEMENT_BYTES = 400;

    private final char[] bytes = new char[128];
    private int oldest;
    private int count;
    private long resolvedBefore;

    /** Bytes that were acknowledged or lost, and are fewer than the oldest datagram has. */
    private long surplus;

    /** Whether another may go. */
    boolean hasRoom() {
        return !IS_BOUND || count < MAX;
    }

    /**
     * A datagram leaves.
     *
     * @param mayAcknowledge whether it is the first behind one that was received
     */
    void left(int length, boolean mayAcknowledge) {
        if (!IS_BOUND || (mayAcknowledge && length < MAX_ACKNOWLEDGEMENT_BYTES)) {
            return;
        }
        if (count == bytes.length) {
            drop();
        }
        bytes[(oldest + count) % bytes.length] = (char) length;
        count++;
    }

    /** @param resolved how many bytes of the connection were acknowledged or lost so far */
    void resolved(long resolved) {
        surplus += resolved - resolvedBefore;
        resolvedBefore = resolved;
        while (count > 0 && bytes[oldest] <= surplus) {
            surplus -= bytes[oldest];
            drop();
        }
        if (count == 0) {
            surplus = 0;
        }
    }

    /** Nothing that has left is waited for any more. */
    void clear() {
        count = 0;
        surplus = 0;
    }

    private void drop() {
        oldest = (oldest + 1) % bytes.length;
        count--;
    }
}
