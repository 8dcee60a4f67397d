package dev.heddle.net;

/**
 * The statistics of a {@link UdpSocket} so far. What the system dropped because its buffer was full nobody counts here.
 *
 * @param sent datagrams that the system took
 * @param received datagrams that were received
 * @param truncated those of them that were longer than allowed
 */
public record UdpStatistics(long sent, long received, long truncated) {}
