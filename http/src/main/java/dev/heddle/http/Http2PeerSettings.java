package dev.heddle.http;

/** What the peer has said about itself (RFC 9113, section 6.5.2), checked as it comes. */
final class Http2PeerSettings {

    private final Http2Writer writer;
    private final boolean ofClient;
    private int maxStreams = Integer.MAX_VALUE;
    private int streamWindow = Http2Limits.INITIAL_WINDOW;
    private int announcedWindow = Http2Limits.INITIAL_WINDOW;

    /**
     * @param writer hears of what bounds it
     * @param ofClient whether the peer is a client
     */
    Http2PeerSettings(Http2Writer writer, boolean ofClient) {
        this.writer = writer;
        this.ofClient = ofClient;
    }

    /** Takes one setting; of a window, the last of a frame counts, so that a frame full of them costs no more. */
    void set(int id, int value) {
        switch (id) {
            case Http2Frame.SETTING_TABLE -> writer.hpack().limitTable(value);
            case Http2Frame.SETTING_PUSH -> {
                if (value < 0 || value > (ofClient ? 1 : 0)) {
                    throw fault(Http2Error.PROTOCOL_ERROR, "ENABLE_PUSH is " + value);
                }
            }
            case Http2Frame.SETTING_STREAMS -> maxStreams = value < 0 ? Integer.MAX_VALUE : value;
            case Http2Frame.SETTING_WINDOW -> {
                if (value < 0) {
                    throw fault(Http2Error.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE is beyond 2^31-1");
                }
                announcedWindow = value;
            }
            case Http2Frame.SETTING_FRAME -> {
                if (value < Http2Limits.LEAST_FRAME_BYTES || value > 0xff_ffff) {
                    throw fault(Http2Error.PROTOCOL_ERROR, "MAX_FRAME_SIZE is " + value);
                }
                writer.limitFrames(value);
            }
            default -> {
                // The size of header lists is advice; unknown settings mean nothing: section 6.5.2.
            }
        }
    }

    /** Applies the window of the last frame; by how much each stream's changes. */
    int changeOfWindow() {
        int change = announcedWindow - streamWindow;
        streamWindow = announcedWindow;
        return change;
    }

    /** The window that a new stream has for sending. */
    int streamWindow() {
        return streamWindow;
    }

    /** The most streams of ours at once. */
    int maxStreams() {
        return maxStreams;
    }

    private static Http2Fault fault(Http2Error error, String message) {
        return Http2Fault.ofConnection(error, message);
    }
}
