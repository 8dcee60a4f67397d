package dev.heddle.http.internal.http2;

import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.codec.TransferLimit;
import java.time.Duration;

/**
 * The limits that a connection of HTTP/2 takes from its server or client.
 *
 * @param limits those of HTTP/2 itself
 * @param maxHeaderBytes most bytes of a header list, as RFC 9113, section 6.5.2 counts them
 * @param maxHeaderCount most fields of a header list
 * @param headTime how long the preface, the answer to our settings, and each frame that is no DATA, may take
 * @param transferGrace how long a transfer may wait for the peer before the rate counts
 * @param minRate slowest transfer in bytes per second
 * @param stallTime how long a transfer may wait for the peer at once
 * @param idleTime how long the connection may have no stream
 * @param lingerTime how long to read on after the last frame
 */
public record Http2Options(
        Http2Limits limits,
        int maxHeaderBytes,
        int maxHeaderCount,
        Duration headTime,
        Duration transferGrace,
        int minRate,
        Duration stallTime,
        Duration idleTime,
        Duration lingerTime) {

    public TransferLimit transferLimit() {
        return new TransferLimit(transferGrace, minRate, stallTime);
    }
}
