package dev.heddle.quic.internal;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.ParkingLot;

/**
 * The datagrams of one connection (RFC 9221). The library keeps those that wait, so many in each direction.
 *
 * <p>Threads: the tasks and callbacks of the connection's loop.
 */
public final class QuicDatagrams {

    private final Conversation conversation;
    private final ParkingLot receiving;
    private final ParkingLot sending;

    QuicDatagrams(Conversation conversation) {
        this.conversation = conversation;
        this.receiving = new ParkingLot("a datagram of " + conversation);
        this.sending = new ParkingLot("room for a datagram of " + conversation);
    }

    /** The most bytes of one now; 0 while the connection is not open, and where the peer takes none. */
    public int maxBytes() {
        return conversation.isOpen() && conversation.terms().maxDatagrams() > 0
                ? (int) Math.max(0, conversation.quiche().datagramRoom())
                : 0;
    }

    /**
     * Sends one, waiting while as many wait as may.
     *
     * @throws IllegalArgumentException if it is longer than the peer takes, or this end or the peer takes none
     * @throws ClosedException if this side has closed the connection
     * @throws BrokenException if the connection is lost
     */
    public void send(byte[] bytes) {
        while (true) {
            conversation.throwIfOver();
            int most = maxBytes();
            if (bytes.length > most || most == 0) {
                throw new IllegalArgumentException(most == 0
                        ? conversation + " has no datagrams: both ends name them in their options"
                        : "a datagram of " + conversation + " has at most " + most + " bytes, not " + bytes.length);
            }
            conversation.scratch().clear().put(bytes);
            if (conversation.quiche().sendDatagram(conversation.scratchAt(), bytes.length) != Quiche.DONE) {
                conversation.touch();
                return;
            }
            sending.park();
        }
    }

    /**
     * Takes the next one, waiting for it.
     *
     * @throws ClosedException if the connection has ended, by either side or by a loss
     */
    public byte[] receive() {
        while (true) {
            if (!conversation.isOpen()) {
                String why = conversation.whyLost();
                throw new ClosedException(conversation + (why == null ? " is closed" : " has ended: " + why));
            }
            long count = conversation.quiche().receiveDatagram(conversation.scratchAt(),
                    conversation.scratch().capacity());
            if (count >= 0) {
                byte[] bytes = new byte[(int) count];
                conversation.scratch().clear().get(bytes);
                return bytes;
            }
            receiving.park();
        }
    }

    /** Wakes who has something to do now. */
    void settle() {
        sending.unparkAll();
        if (!receiving.isEmpty() && conversation.quiche().hasDatagram()) {
            receiving.unparkAll();
        }
    }

    void lost() {
        sending.unparkAll();
        receiving.unparkAll();
    }
}
