package dev.heddle.net;

/**
 * The statistics of a {@link UdpSocket} so far. What the system dropped because its buffer was full nobody counts here.
 */
public sealed interface UdpStatistics permits UdpSocket.Statistics {

    /** Datagrams that the system took. */
    long sent();

    /** Datagrams that were received. */
    long received();

    /** Those of them that were longer than allowed. */
    long truncated();
}
