package dev.heddle.http.server;

import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.codec.HeadLimits;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The limits of a server. Each one has a default that suits a server on the open Internet; {@link #DEFAULT} has them
 * all.
 *
 * <p>Sizes are bytes, rates are bytes per second. What a peer gets that goes beyond a limit stands beside it.
 *
 * @param maxStartLine longest request line, without its line end; 414
 * @param maxHeaderBytes longest header section after the request line, 431. Trailers and chunk extensions of a
 *     body likewise; 400
 * @param maxHeaderCount most header fields of a request; 431
 * @param maxBodyBytes longest request body, without its framing; 413
 * @param maxDrainBytes most bytes of a body, not read by the handler, that are thrown away to keep the connection; with
 *     more it closes
 * @param headTime how long a request head may take from its first byte; 408
 * @param headTimeMax how long a request head may take if its bytes come at {@code headRate} or faster; 408
 * @param headRate bytes of a head that buy one more second beyond {@code headTime}
 * @param transferGrace how long reading a body or writing a response may wait before {@code minRate} counts
 * @param minRate slowest body upload and response download, measured while the server waits for the peer; 408, or the
 *     connection is cut when the response has begun
 * @param idleTime how long a connection may wait for its next request; closed
 * @param lingerTime how long the server reads on after an announced close, so that the peer gets the last response
 * @param maxRequests most requests of one connection; closed, and announced in the last response
 * @param maxLifetime how long a connection may serve; closed, and announced in the next response
 * @param maxConnections most connections at once; more wait in the system's backlog
 * @param stopGrace how long {@link HttpServer#close()} waits for requests in flight before it cancels them; less
 *     where the end of the run leaves less
 */
public record ServerLimits(
        int maxStartLine,
        int maxHeaderBytes,
        int maxHeaderCount,
        long maxBodyBytes,
        long maxDrainBytes,
        Duration headTime,
        Duration headTimeMax,
        int headRate,
        Duration transferGrace,
        int minRate,
        Duration idleTime,
        Duration lingerTime,
        int maxRequests,
        Duration maxLifetime,
        int maxConnections,
        Duration stopGrace) {

    /** The defaults: see each {@code with} method. */
    public static final ServerLimits DEFAULT = new ServerLimits(
            8 * 1024,
            32 * 1024,
            100,
            16L * 1024 * 1024,
            256 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            1000,
            Duration.ofSeconds(20),
            500,
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            10_000,
            Duration.ofHours(1),
            10_000,
            Duration.ofSeconds(10));

    public ServerLimits {
        Checks.atLeast("maxStartLine", maxStartLine, 16);
        Checks.atLeast("maxHeaderBytes", maxHeaderBytes, 16);
        Checks.atLeast("maxHeaderCount", maxHeaderCount, 1);
        Checks.atLeast("maxBodyBytes", maxBodyBytes, 0);
        Checks.atLeast("maxDrainBytes", maxDrainBytes, 0);
        Checks.positive("headTime", headTime);
        Checks.positive("headTimeMax", headTimeMax);
        if (headTimeMax.compareTo(headTime) < 0) {
            throw new IllegalArgumentException("headTimeMax " + headTimeMax + " is below headTime " + headTime);
        }
        Checks.atLeast("headRate", headRate, 1);
        Checks.positive("transferGrace", transferGrace);
        Checks.atLeast("minRate", minRate, 1);
        Checks.positive("idleTime", idleTime);
        Checks.positive("lingerTime", lingerTime);
        Checks.atLeast("maxRequests", maxRequests, 1);
        Checks.positive("maxLifetime", maxLifetime);
        Checks.atLeast("maxConnections", maxConnections, 1);
        Checks.notNegative("stopGrace", stopGrace);
    }

    /** With another longest request line in bytes; 8 KiB by default. */
    public ServerLimits withMaxStartLine(int maxStartLine) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With other limits of the header section: its bytes, 32 KiB by default, and its count of fields, 100. */
    public ServerLimits withMaxHeaders(int bytes, int count) {
        return new ServerLimits(maxStartLine, bytes, count, maxBodyBytes, maxDrainBytes, headTime, headTimeMax,
                headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime, maxConnections,
                stopGrace);
    }

    /** With another longest request body in bytes; 16 MiB by default. {@code Long.MAX_VALUE} is no limit. */
    public ServerLimits withMaxBodyBytes(long maxBodyBytes) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another bound in bytes for bodies that nobody read; 256 KiB by default. */
    public ServerLimits withMaxDrainBytes(long maxDrainBytes) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With other times for a request head; 10 s, and up to 20 s at 1,000 bytes per second, by default. */
    public ServerLimits withHeadTime(Duration time, Duration max, int bytesPerSecond) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, time, max,
                bytesPerSecond, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime, maxConnections,
                stopGrace);
    }

    /** With another slowest transfer of bodies; 500 bytes per second after 20 s by default. */
    public ServerLimits withMinRate(int bytesPerSecond, Duration grace) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, grace, bytesPerSecond, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time between two requests; 60 s by default. */
    public ServerLimits withIdleTime(Duration idleTime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time for reading on after an announced close; 2 s by default. */
    public ServerLimits withLingerTime(Duration lingerTime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With other limits of one connection: its requests, 10,000 by default, and its life, one hour. */
    public ServerLimits withMaxRequests(int count, Duration lifetime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, count, lifetime, maxConnections,
                stopGrace);
    }

    /** With another bound for connections at once; 10,000 by default. */
    public ServerLimits withMaxConnections(int maxConnections) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time that a close waits for requests in flight; 10 s by default. */
    public ServerLimits withStopGrace(Duration stopGrace) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                headTimeMax, headRate, transferGrace, minRate, idleTime, lingerTime, maxRequests, maxLifetime,
                maxConnections, stopGrace);
    }

    /** With those that only HTTP/2 has. */
    Http2Options http2(Http2Limits limits) {
        return new Http2Options(limits, maxStartLine + maxHeaderBytes, maxHeaderCount, headTime, transferGrace, minRate,
                idleTime, lingerTime);
    }

    HeadLimits head() {
        return new HeadLimits(maxStartLine, maxHeaderBytes, maxHeaderCount);
    }
}
