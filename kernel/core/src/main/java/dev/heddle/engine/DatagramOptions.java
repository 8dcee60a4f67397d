package dev.heddle.engine;

import dev.heddle.internal.Checks;

/**
 * The options of a datagram socket.
 */
public final class DatagramOptions {

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

    private final int maxBytes;
    private final int sendBufferBytes;
    private final int receiveBufferBytes;
    private final boolean reuseAddress;
    private final boolean reusePort;
    private final boolean broadcast;
    private final int multicastHops;
    private final boolean multicastLoopback;

    private DatagramOptions(int maxBytes, int sendBufferBytes, int receiveBufferBytes, boolean reuseAddress,
            boolean reusePort, boolean broadcast, int multicastHops, boolean multicastLoopback) {
        Checks.inRange("maxBytes", maxBytes, 0, MAX_BYTES);
        Checks.inRange("sendBufferBytes", sendBufferBytes, 0, Integer.MAX_VALUE);
        Checks.inRange("receiveBufferBytes", receiveBufferBytes, 0, Integer.MAX_VALUE);
        Checks.inRange("multicastHops", multicastHops, 0, 255);
        this.maxBytes = maxBytes;
        this.sendBufferBytes = sendBufferBytes;
        this.receiveBufferBytes = receiveBufferBytes;
        this.reuseAddress = reuseAddress;
        this.reusePort = reusePort;
        this.broadcast = broadcast;
        this.multicastHops = multicastHops;
        this.multicastLoopback = multicastLoopback;
    }

    /**
     * The most bytes of a datagram that are received, 0 to {@link #MAX_BYTES}; a longer one is cut there and says so.
     */
    public int maxBytes() {
        return maxBytes;
    }

    /** The room for datagrams on their way out, or 0 for the system's choice; the system may round it. */
    public int sendBufferBytes() {
        return sendBufferBytes;
    }

    /**
     * The room for datagrams that nobody has received yet, or 0 for the system's choice; what does not fit is dropped
     * by the system and told nobody.
     */
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    /** Whether several sockets may have the port to hear the same multicast. */
    public boolean reuseAddress() {
        return reuseAddress;
    }

    /** Whether several sockets may have the port and share its datagrams, as one per loop does. */
    public boolean reusePort() {
        return reusePort;
    }

    /** Whether it may send to broadcast addresses. */
    public boolean broadcast() {
        return broadcast;
    }

    /** How many networks a multicast datagram may cross, 0 to 255; with 0 it stays on the machine. */
    public int multicastHops() {
        return multicastHops;
    }

    /** Whether members on the same machine get what it sends to a group. */
    public boolean multicastLoopback() {
        return multicastLoopback;
    }

    /** These options with another bound of received datagrams. */
    public DatagramOptions withMaxBytes(int maxBytes) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    /** These options with another buffer in the system for what is sent; 0 for its choice. */
    public DatagramOptions withSendBufferBytes(int sendBufferBytes) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    /** These options with another buffer in the system for what has come; 0 for its choice. */
    public DatagramOptions withReceiveBufferBytes(int receiveBufferBytes) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
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
    public DatagramOptions withMulticastHops(int multicastHops) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    /** These options where what is sent to a group comes to members on this machine, or does not. */
    public DatagramOptions withMulticastLoopback(boolean multicastLoopback) {
        return new DatagramOptions(maxBytes, sendBufferBytes, receiveBufferBytes, reuseAddress, reusePort, broadcast,
                multicastHops, multicastLoopback);
    }

    @Override
    public String toString() {
        return "DatagramOptions[maxBytes=" + maxBytes + ", sendBufferBytes=" + sendBufferBytes + ", receiveBufferBytes="
                + receiveBufferBytes + ", reuseAddress=" + reuseAddress + ", reusePort=" + reusePort + ", broadcast="
                + broadcast + ", multicastHops=" + multicastHops + ", multicastLoopback=" + multicastLoopback + "]";
    }
}
