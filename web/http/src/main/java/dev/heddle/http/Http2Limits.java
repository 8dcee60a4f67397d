package dev.heddle.http;

import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The limits of a connection that only HTTP/2 has; {@link dev.heddle.http.server.ServerLimits} bound heads, bodies,
 * times and rates of HTTP/2 too, and {@link dev.heddle.http.client.ClientLimits} and {@link
 * dev.heddle.http.client.ClientTimeouts} those of a client.
 *
 * <pre>{@code
 * HttpServer.builder().http2(Http2Limits.DEFAULT.withMaxStreams(250));
 * }</pre>
 *
 * <p>Frames that cost work and move no request on are counted in intervals: a peer that sends more of a kind gets
 * GOAWAY with ENHANCE_YOUR_CALM, and the connection ends. One that does not acknowledge our settings within {@link
 * dev.heddle.http.server.ServerLimits#headTime}, for a client within {@link
 * dev.heddle.http.client.ClientTimeouts#read}, gets SETTINGS_TIMEOUT.
 *
 * <p>Threads: any. To test code that uses limits, set small ones and play the peer over memory streams.
 */
public final class Http2Limits {

    /** The size of every window before anybody says otherwise: RFC 9113, section 6.9.2. */
    private static final int INITIAL_WINDOW = 65_535;

    /** The smallest limit of frames that may be announced: section 6.5.2. */
    private static final int MIN_FRAME_BYTES = 16 * 1024;

    private static final int MAX_FRAME_BYTES = (1 << 24) - 1;

    /** The defaults: see each {@code with} method. */
    public static final Http2Limits DEFAULT = new Http2Limits(
            100,
            INITIAL_WINDOW,
            1024 * 1024,
            MIN_FRAME_BYTES,
            4 * 1024,
            8,
            Duration.ofSeconds(30),
            200,
            100,
            1_000,
            200,
            1_000,
            1_000,
            1_000);

    private final int maxStreams;
    private final int streamWindow;
    private final int connectionWindow;
    private final int maxFrameBytes;
    private final int headerTableBytes;
    private final int maxContinuations;
    private final Duration interval;
    private final int maxResets;
    private final int maxSettings;
    private final int maxPings;
    private final int maxEmptyFrames;
    private final int maxWindowUpdates;
    private final int maxIgnoredFrames;
    private final int maxQueuedReplies;

    private Http2Limits(int maxStreams, int streamWindow, int connectionWindow, int maxFrameBytes, int headerTableBytes,
            int maxContinuations, Duration interval, int maxResets, int maxSettings, int maxPings, int maxEmptyFrames,
            int maxWindowUpdates, int maxIgnoredFrames, int maxQueuedReplies) {
        Checks.inRange("maxStreams", maxStreams, 1, Integer.MAX_VALUE);
        Checks.inRange("streamWindow", streamWindow, 1, Integer.MAX_VALUE);
        Checks.inRange("connectionWindow", connectionWindow, INITIAL_WINDOW, Integer.MAX_VALUE);
        Checks.inRange("maxFrameBytes", maxFrameBytes, MIN_FRAME_BYTES, MAX_FRAME_BYTES);
        Checks.inRange("headerTableBytes", headerTableBytes, 0, 1 << 20);
        Checks.inRange("maxContinuations", maxContinuations, 0, Integer.MAX_VALUE);
        Checks.positive("interval", interval);
        Checks.inRange("maxResets", maxResets, 1, Integer.MAX_VALUE);
        Checks.inRange("maxSettings", maxSettings, 1, Integer.MAX_VALUE);
        Checks.inRange("maxPings", maxPings, 1, Integer.MAX_VALUE);
        Checks.inRange("maxEmptyFrames", maxEmptyFrames, 1, Integer.MAX_VALUE);
        Checks.inRange("maxWindowUpdates", maxWindowUpdates, 1, Integer.MAX_VALUE);
        Checks.inRange("maxIgnoredFrames", maxIgnoredFrames, 1, Integer.MAX_VALUE);
        Checks.inRange("maxQueuedReplies", maxQueuedReplies, 1, Integer.MAX_VALUE);
        this.maxStreams = maxStreams;
        this.streamWindow = streamWindow;
        this.connectionWindow = connectionWindow;
        this.maxFrameBytes = maxFrameBytes;
        this.headerTableBytes = headerTableBytes;
        this.maxContinuations = maxContinuations;
        this.interval = interval;
        this.maxResets = maxResets;
        this.maxSettings = maxSettings;
        this.maxPings = maxPings;
        this.maxEmptyFrames = maxEmptyFrames;
        this.maxWindowUpdates = maxWindowUpdates;
        this.maxIgnoredFrames = maxIgnoredFrames;
        this.maxQueuedReplies = maxQueuedReplies;
    }

    /**
     * Most requests of a connection at once, also counting those whose handler still works though the peer has reset
     * them; more get REFUSED_STREAM, and those of a client wait.
     */
    public int maxStreams() {
        return maxStreams;
    }

    /** Most bytes of a body, in one direction, that wait for the handler; with more FLOW_CONTROL_ERROR. */
    public int streamWindow() {
        return streamWindow;
    }

    /** The same for all bodies of a connection together, at least 65,535. */
    public int connectionWindow() {
        return connectionWindow;
    }

    /** Longest frame that is taken, 16 KiB to 16 MiB; FRAME_SIZE_ERROR. */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /**
     * Memory for fields of earlier requests (RFC 7541, section 4.2), but 4 KiB at least until the peer has acknowledged
     * it; COMPRESSION_ERROR.
     */
    public int headerTableBytes() {
        return headerTableBytes;
    }

    /** Most CONTINUATION frames of one header block. */
    public int maxContinuations() {
        return maxContinuations;
    }

    /** How long the counts below run. */
    public Duration interval() {
        return interval;
    }

    /** Most streams that the peer resets, or that its mistakes and excess make us reset. */
    public int maxResets() {
        return maxResets;
    }

    /** Most SETTINGS frames. */
    public int maxSettings() {
        return maxSettings;
    }

    /** Most PING frames. */
    public int maxPings() {
        return maxPings;
    }

    /** Most DATA frames without content that do not end a body. */
    public int maxEmptyFrames() {
        return maxEmptyFrames;
    }

    /** Most WINDOW_UPDATE frames, besides one for each 256 bytes sent. */
    public int maxWindowUpdates() {
        return maxWindowUpdates;
    }

    /** Most frames without a meaning here: PRIORITY, unknown ones, those of ended streams; and most PRIORITY_UPDATE. */
    public int maxIgnoredFrames() {
        return maxIgnoredFrames;
    }

    /** Most replies to such frames that wait for a peer that does not read. */
    public int maxQueuedReplies() {
        return maxQueuedReplies;
    }

    /** With another bound for requests at once; 100 by default. */
    public Http2Limits withMaxStreams(int maxStreams) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another window of a stream in bytes; 65,535 by default. */
    public Http2Limits withStreamWindow(int streamWindow) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another window of the connection in bytes; 1 MiB by default. */
    public Http2Limits withConnectionWindow(int connectionWindow) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another longest frame in bytes; 16 KiB by default. */
    public Http2Limits withMaxFrameBytes(int maxFrameBytes) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another table for header blocks in bytes; 4 KiB by default. */
    public Http2Limits withHeaderTableBytes(int headerTableBytes) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for CONTINUATION frames of a header block; 8 by default. */
    public Http2Limits withMaxContinuations(int maxContinuations) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another interval of all counts; 30 s by default. */
    public Http2Limits withInterval(Duration interval) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for resets in an interval; 200 by default. */
    public Http2Limits withMaxResets(int maxResets) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for SETTINGS frames in an interval; 100 by default. */
    public Http2Limits withMaxSettings(int maxSettings) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for PING frames in an interval; 1,000 by default. */
    public Http2Limits withMaxPings(int maxPings) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for empty DATA frames in an interval; 200 by default. */
    public Http2Limits withMaxEmptyFrames(int maxEmptyFrames) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for WINDOW_UPDATE frames in an interval; 1,000 by default. */
    public Http2Limits withMaxWindowUpdates(int maxWindowUpdates) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for frames that are ignored in an interval; 1,000 by default. */
    public Http2Limits withMaxIgnoredFrames(int maxIgnoredFrames) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    /** With another bound for replies that the peer does not read; 1,000 by default. */
    public Http2Limits withMaxQueuedReplies(int maxQueuedReplies) {
        return new Http2Limits(maxStreams, streamWindow, connectionWindow, maxFrameBytes, headerTableBytes,
                maxContinuations, interval, maxResets, maxSettings, maxPings, maxEmptyFrames, maxWindowUpdates,
                maxIgnoredFrames, maxQueuedReplies);
    }

    @Override
    public String toString() {
        return "Http2Limits[maxStreams=" + maxStreams + ", streamWindow=" + streamWindow + ", connectionWindow="
                + connectionWindow + ", maxFrameBytes=" + maxFrameBytes + ", headerTableBytes=" + headerTableBytes
                + ", maxContinuations=" + maxContinuations + ", interval=" + interval + ", maxResets=" + maxResets
                + ", maxSettings=" + maxSettings + ", maxPings=" + maxPings + ", maxEmptyFrames=" + maxEmptyFrames
                + ", maxWindowUpdates=" + maxWindowUpdates + ", maxIgnoredFrames=" + maxIgnoredFrames
                + ", maxQueuedReplies=" + maxQueuedReplies + "]";
    }
}
