package dev.heddle.http.internal.http2;

/** The settings of the peer (RFC 9113, section 6.5.2), checked as they come. */
final class Http2PeerSettings {

    /** What is thought of a server that has said nothing yet: the least that it should allow (section 6.5.2). */
    private static final int STREAMS_AT_FIRST = 100;

    private final Http2Writer writer;
    private final boolean ofClient;
    private int maxStreams;
    private boolean bounded;
    private boolean heard;
    private boolean tunnels;
    private int oldPrioritiesOff;
    private int streamWindow = Http2Frame.INITIAL_WINDOW;
    private int announcedWindow = Http2Frame.INITIAL_WINDOW;

    /**
     * @param writer hears of what bounds it
     * @param ofClient whether the peer is a client
     */
    Http2PeerSettings(Http2Writer writer, boolean ofClient) {
        this.writer = writer;
        this.ofClient = ofClient;
        this.maxStreams = STREAMS_AT_FIRST;
    }

    /** Takes one setting; of a window, the last of a frame counts, so that a frame full of them costs no more. */
    void set(int id, int value) {
        switch (id) {
            case Http2Frame.SETTING_TABLE -> writer.hpack().limitTable(value);
            case Http2Frame.SETTING_PUSH -> {
                if (value < 0 || value > (ofClient ? 1 : 0)) {
                    throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR, "ENABLE_PUSH is " + value);
                }
            }
            case Http2Frame.SETTING_STREAMS -> {
                maxStreams = value < 0 ? Integer.MAX_VALUE : value;
                bounded = true;
            }
            case Http2Frame.SETTING_WINDOW -> {
                if (value < 0) {
                    throw Http2Fault.ofConnection(Http2Error.FLOW_CONTROL_ERROR,
                            "INITIAL_WINDOW_SIZE is beyond 2^31-1");
                }
                announcedWindow = value;
            }
            case Http2Frame.SETTING_FRAME -> {
                if (value < Http2Frame.MIN_MAX_BYTES || value > 0xff_ffff) {
                    throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR, "MAX_FRAME_SIZE is " + value);
                }
                writer.limitFrames(value);
            }
            case Http2Frame.SETTING_CONNECT -> {
                // Once allowed, it stays so: RFC 8441, section 3.
                if (value < 0 || value > 1 || (tunnels && value == 0)) {
                    throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR, "ENABLE_CONNECT_PROTOCOL is " + value);
                }
                tunnels = value == 1;
            }
            case Http2Frame.SETTING_NO_OLD_PRIORITIES -> {
                // RFC 9218, section 2.1: said in the first frame, or never.
                if (value < 0 || value > 1 || (heard && value != oldPrioritiesOff)) {
                    throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR, "NO_RFC7540_PRIORITIES is " + value);
                }
                oldPrioritiesOff = value;
            }
            default -> {
                // The size of header lists is advice; unknown settings mean nothing: section 6.5.2.
            }
        }
    }

    /** Applies what a frame has said as a whole; gives by how much each stream's window changes. */
    int apply() {
        if (!heard) {
            heard = true;
            maxStreams = bounded ? maxStreams : Integer.MAX_VALUE;
        }
        int change = announcedWindow - streamWindow;
        streamWindow = announcedWindow;
        return change;
    }

    /** Whether it has said anything yet. */
    boolean isHeard() {
        return heard;
    }

    /** Whether a stream may carry another protocol, as RFC 8441 has it. */
    boolean allowsTunnels() {
        return tunnels;
    }

    /** The window that a new stream has for sending. */
    int streamWindow() {
        return streamWindow;
    }

    /** The most streams of ours at once. */
    int maxStreams() {
        return maxStreams;
    }
}
