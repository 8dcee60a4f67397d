package dev.heddle.http.server;

import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.codec.HeadLimits;
import dev.heddle.http.internal.http2.Http2Options;
import dev.heddle.http.internal.server.ConnectionLimits;
import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The limits of a server. Each one has a default that suits a server on the open Internet; {@link #DEFAULT} has them
 * all.
 *
 * <p>Sizes are bytes, rates are bytes per second. What a peer gets that goes beyond a limit stands beside it.
 */
public final class ServerLimits {

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
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            10_000,
            Duration.ofHours(1),
            10_000,
            Duration.ofSeconds(10));

    private final int maxStartLine;
    private final int maxHeaderBytes;
    private final int maxHeaderCount;
    private final long maxBodyBytes;
    private final long maxDrainBytes;
    private final Duration headTime;
    private final Duration maxHeadTime;
    private final int headRate;
    private final Duration transferGrace;
    private final int minRate;
    private final Duration stallTime;
    private final Duration idleTime;
    private final Duration lingerTime;
    private final int maxRequests;
    private final Duration maxLifetime;
    private final int maxConnections;
    private final Duration stopGrace;

    private ServerLimits(int maxStartLine, int maxHeaderBytes, int maxHeaderCount, long maxBodyBytes,
            long maxDrainBytes, Duration headTime, Duration maxHeadTime, int headRate, Duration transferGrace,
            int minRate, Duration stallTime, Duration idleTime, Duration lingerTime, int maxRequests,
            Duration maxLifetime,
            int maxConnections, Duration stopGrace) {
        Checks.atLeast("maxStartLine", maxStartLine, 16);
        Checks.atLeast("maxHeaderBytes", maxHeaderBytes, 16);
        Checks.atLeast("maxHeaderCount", maxHeaderCount, 1);
        Checks.atLeast("maxBodyBytes", maxBodyBytes, 0);
        Checks.atLeast("maxDrainBytes", maxDrainBytes, 0);
        Checks.positive("headTime", headTime);
        Checks.positive("maxHeadTime", maxHeadTime);
        if (maxHeadTime.compareTo(headTime) < 0) {
            throw new IllegalArgumentException("maxHeadTime " + maxHeadTime + " is below headTime " + headTime);
        }
        Checks.atLeast("headRate", headRate, 1);
        Checks.positive("transferGrace", transferGrace);
        Checks.atLeast("minRate", minRate, 1);
        Checks.positive("stallTime", stallTime);
        Checks.positive("idleTime", idleTime);
        Checks.positive("lingerTime", lingerTime);
        Checks.atLeast("maxRequests", maxRequests, 1);
        Checks.positive("maxLifetime", maxLifetime);
        Checks.atLeast("maxConnections", maxConnections, 1);
        Checks.notNegative("stopGrace", stopGrace);
        this.maxStartLine = maxStartLine;
        this.maxHeaderBytes = maxHeaderBytes;
        this.maxHeaderCount = maxHeaderCount;
        this.maxBodyBytes = maxBodyBytes;
        this.maxDrainBytes = maxDrainBytes;
        this.headTime = headTime;
        this.maxHeadTime = maxHeadTime;
        this.headRate = headRate;
        this.transferGrace = transferGrace;
        this.minRate = minRate;
        this.stallTime = stallTime;
        this.idleTime = idleTime;
        this.lingerTime = lingerTime;
        this.maxRequests = maxRequests;
        this.maxLifetime = maxLifetime;
        this.maxConnections = maxConnections;
        this.stopGrace = stopGrace;
    }

    /** Longest request line, without its line end; 414. */
    public int maxStartLine() {
        return maxStartLine;
    }

    /** Longest header section after the request line, 431. Trailers and chunk extensions of a body likewise; 400. */
    public int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    /** Most header fields of a request; 431. */
    public int maxHeaderCount() {
        return maxHeaderCount;
    }

    /** Longest request body, without its framing; 413. */
    public long maxBodyBytes() {
        return maxBodyBytes;
    }

    /**
     * Most bytes of a body, not read by the handler, that are thrown away to keep the connection; with more it closes.
     */
    public long maxDrainBytes() {
        return maxDrainBytes;
    }

    /** How long a request head may take from its first byte; 408. */
    public Duration headTime() {
        return headTime;
    }

    /** How long a request head may take if its bytes come at {@code headRate} or faster; 408. */
    public Duration maxHeadTime() {
        return maxHeadTime;
    }

    /** Bytes of a head that buy one more second beyond {@code headTime}. */
    public int headRate() {
        return headRate;
    }

    /** How long reading a body or writing a response may wait before {@code minRate} counts. */
    public Duration transferGrace() {
        return transferGrace;
    }

    /**
     * Slowest body upload and response download, measured while the server waits for the peer; 408, or the connection
     * is cut when the response has begun.
     */
    public int minRate() {
        return minRate;
    }

    /**
     * How long a body upload or response download may wait for the peer at once, however much has moved before; what
     * happens then is as for {@link #minRate()}. What the system's buffers have taken is no sign of the peer: what its
     * system has acknowledged is, where the engine can tell. With the portable engine a reader that makes no room in
     * those buffers in that time, of some megabytes in a fast network, is one that takes nothing.
     */
    public Duration stallTime() {
        return stallTime;
    }

    /**
     * How long a connection may wait for its next request; closed. Longer than a proxy in front keeps its connections,
     * so that the proxy closes first: else it may send a request that finds the connection closed.
     */
    public Duration idleTime() {
        return idleTime;
    }

    /** How long the server reads on after an announced close, so that the peer gets the last response. */
    public Duration lingerTime() {
        return lingerTime;
    }

    /** Most requests of one connection; closed, and announced in the last response. */
    public int maxRequests() {
        return maxRequests;
    }

    /** How long a connection may serve; closed, and announced in the next response. */
    public Duration maxLifetime() {
        return maxLifetime;
    }

    /** Most connections at once; more wait in the system's backlog. */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * How long {@link HttpServer#close()} waits for requests in flight before it cancels them; less where the end of
     * the run leaves less.
     */
    public Duration stopGrace() {
        return stopGrace;
    }

    /** With another longest request line in bytes; 8 KiB by default. */
    public ServerLimits withMaxStartLine(int maxStartLine) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another longest header section in bytes; 32 KiB by default. */
    public ServerLimits withMaxHeaderBytes(int maxHeaderBytes) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another most count of header fields; 100 by default. */
    public ServerLimits withMaxHeaderCount(int maxHeaderCount) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another longest request body in bytes; 16 MiB by default. {@code Long.MAX_VALUE} is no limit. */
    public ServerLimits withMaxBodyBytes(long maxBodyBytes) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another bound in bytes for bodies that nobody read; 256 KiB by default. */
    public ServerLimits withMaxDrainBytes(long maxDrainBytes) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time for a request head; 10 s by default. {@code maxHeadTime} is never below it. */
    public ServerLimits withHeadTime(Duration headTime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time for a request head whose bytes come at {@code headRate}; 20 s by default. */
    public ServerLimits withMaxHeadTime(Duration maxHeadTime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another rate at which a head has more time, in bytes per second; 1,000 by default. */
    public ServerLimits withHeadRate(int headRate) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another slowest transfer of bodies in bytes per second; 500 by default. */
    public ServerLimits withMinRate(int minRate) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time before {@code minRate} counts; 20 s by default. */
    public ServerLimits withTransferGrace(Duration transferGrace) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another longest wait at once for a peer that sends or takes nothing; 30 s by default. */
    public ServerLimits withStallTime(Duration stallTime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time between two requests; 60 s by default. */
    public ServerLimits withIdleTime(Duration idleTime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time for reading on after an announced close; 2 s by default. */
    public ServerLimits withLingerTime(Duration lingerTime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another most count of requests of one connection; 10,000 by default. */
    public ServerLimits withMaxRequests(int maxRequests) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another longest life of one connection; one hour by default. */
    public ServerLimits withMaxLifetime(Duration maxLifetime) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another bound for connections at once; 10,000 by default. */
    public ServerLimits withMaxConnections(int maxConnections) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With another time that a close waits for requests in flight; 10 s by default. */
    public ServerLimits withStopGrace(Duration stopGrace) {
        return new ServerLimits(maxStartLine, maxHeaderBytes, maxHeaderCount, maxBodyBytes, maxDrainBytes, headTime,
                maxHeadTime, headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxRequests,
                maxLifetime,
                maxConnections, stopGrace);
    }

    /** With those that only HTTP/2 has. */
    Http2Options http2(Http2Limits limits) {
        return new Http2Options(limits, maxStartLine + maxHeaderBytes, maxHeaderCount, headTime, transferGrace, minRate,
                stallTime, idleTime, lingerTime);
    }

    ConnectionLimits ofConnections() {
        return new ConnectionLimits(new HeadLimits(maxStartLine, maxHeaderBytes, maxHeaderCount), headTime, maxHeadTime,
                headRate, transferGrace, minRate, stallTime, idleTime, lingerTime, maxDrainBytes, maxRequests,
                maxLifetime);
    }

    @Override
    public String toString() {
        return "ServerLimits[maxStartLine=" + maxStartLine + ", maxHeaderBytes=" + maxHeaderBytes + ", maxHeaderCount="
                + maxHeaderCount + ", maxBodyBytes=" + maxBodyBytes + ", maxDrainBytes=" + maxDrainBytes + ", headTime="
                + headTime + ", maxHeadTime=" + maxHeadTime + ", headRate=" + headRate + ", transferGrace="
                + transferGrace + ", minRate=" + minRate + ", stallTime=" + stallTime + ", idleTime=" + idleTime
                + ", lingerTime=" + lingerTime
                + ", maxRequests=" + maxRequests + ", maxLifetime=" + maxLifetime + ", maxConnections=" + maxConnections
                + ", stopGrace=" + stopGrace + "]";
    }
}
