package dev.heddle.http.internal.server;

import dev.heddle.http.internal.codec.HeadLimits;
import dev.heddle.http.internal.codec.TransferLimit;
import java.time.Duration;

/**
 * The limits of a server that its connections keep.
 *
 * @param head those of each head
 * @param headTime how long a head may take before the rate counts
 * @param maxHeadTime how long it may take at most
 * @param headRate slowest head in bytes per second
 * @param transferGrace how long a transfer may wait for the peer before the rate counts
 * @param minRate slowest transfer in bytes per second
 * @param stallTime how long a transfer may wait for the peer at once
 * @param idleTime how long to wait for the next request
 * @param lingerTime how long to read on behind the last response
 * @param maxDrainBytes most bytes that are read only to be thrown away
 * @param maxRequests most requests of a connection
 * @param maxLifetime how long a connection is kept
 */
public record ConnectionLimits(
        HeadLimits head,
        Duration headTime,
        Duration maxHeadTime,
        int headRate,
        Duration transferGrace,
        int minRate,
        Duration stallTime,
        Duration idleTime,
        Duration lingerTime,
        long maxDrainBytes,
        int maxRequests,
        Duration maxLifetime) {

    /** The limit for a head whose first bytes have come. */
    public TransferLimit headTransfer() {
        return new TransferLimit(headTime, headRate, maxHeadTime);
    }

    /** The limit for a body of either direction. */
    public TransferLimit transfer() {
        return new TransferLimit(transferGrace, minRate, stallTime);
    }
}
