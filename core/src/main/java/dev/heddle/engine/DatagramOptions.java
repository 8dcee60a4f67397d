package dev.heddle.engine;

import dev.heddle.internal.Checks;

/**
 * The options of a datagram socket.
 *
 * @param maxBytes the most bytes of a datagram that are received, 0 to {@link #MAX_BYTES}; a longer one is cut there
 *     and says so
 * @param sendBufferBytes the room for datagrams on their way out, or 0 for the system's choice; the system may round it
 * @param receiveBufferBytes the room for datagrams that nobody has received yet, or 0 for the system's choice; what
 *     does not fit is dropped by the system and told nobody
 * @param reuseAddress whether several sockets may have the port to hear the same multicast
 * @param reusePort whether several sockets may have the port and share its datagrams, as one per loop does
 * @param broadcast whether it may send to broadcast addresses
 * @param multicastHops how many networks a multicast datagram may cross, 0 to 255; with 0 it stays on the machine
 * @param multicastLoopback whether members on the same machine get what it sends to a group
 */
public record DatagramOptions(
        int maxBytes,
        int sendBufferBytes,
        int receiveBufferBytes,
        boolean reuseAddress,
        boolean reusePort,
        boolean broadcast,
        int multicastHops,
        boolean multicastLoopback) {

    /**
     * The most bytes that UDP carries: 65,535 less its own header (RFC 768); IPv4 takes 20 more for itself (RFC 791).
     */
    public static final int MAX_BYTES = 65_527;

    /**
     * Every size, the system's buffers, a port of its own, no broadcast, multicast on the same network and the same
     * machine.
     */
    public static final DatagramOptions DEFAULT = new DatagramOptions(MAX_BYTES, 0, 0, false, false, false, 1,
            true);

    public DatagramOptions {
        Checks.inRange("maxBytes", maxBytes, 0, MAX_BYTES);
        Checks.inRange("sendBufferBytes", sendBufferBytes, 0, Integer.MAX_VALUE);
        Checks.inRange("receiveBufferBytes", receiveBufferBytes, 0, Integer.MAX_VALUE);
        Checks.inRange("multicastHops", multicastHops, 0, 255);
    }

    /** These options with another bound of received datagrams. */
    public DatagramOptions withMaxBytes(int maxBytes) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    /** These options with other buffers in the system; 0 for its choice. */
    public DatagramOptions withBuffers(int sendBytes, int receiveBytes) {
        return new DatagramOptions(maxBytes, sendBytes, receiveBytes, reuseAddress, reusePort, broadcast, multicastHops,
                multicastLoopback);
    }

    /** These options with or without several sockets that hear the same multicast. */
    public DatagramOptions withReuseAddress(boolean reuseAddress) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    /** These options with or without several sockets that share the datagrams of a port. */
    public DatagramOptions withReusePort(boolean reusePort) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    /** These options with or without the right to broadcast. */
    public DatagramOptions withBroadcast(boolean broadcast) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    /** These options with another reach of multicast. */
    public DatagramOptions withMulticast(int hops, boolean loopback) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                hops, loopback);
    }
}
