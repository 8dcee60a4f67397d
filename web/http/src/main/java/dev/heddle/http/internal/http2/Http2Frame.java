package dev.heddle.http.internal.http2;

/** The numbers of frames (RFC 9113, sections 4.1, 6 and 6.5.2). */
public final class Http2Frame {

    /** What a connection of a client begins with (section 3.4). */
    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    public static final int HEAD_BYTES = 9;

    /** The smallest bound of a frame's payload that may be announced: RFC 9113, section 6.5.2. */
    static final int MIN_MAX_BYTES = 16 * 1024;

    /** The size of every window before anybody says otherwise: section 6.9.2. */
    static final int INITIAL_WINDOW = 65_535;

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    /** RFC 9218, section 7.1. */
    public static final int PRIORITY_UPDATE = 16;

    static final int FLAG_ACK = 0x1;
    static final int FLAG_END_STREAM = 0x1;
    static final int FLAG_END_HEADERS = 0x4;
    static final int FLAG_PADDED = 0x8;
    static final int FLAG_PRIORITY = 0x20;

    static final int SETTING_TABLE = 1;
    static final int SETTING_PUSH = 2;
    public static final int SETTING_STREAMS = 3;
    public static final int SETTING_WINDOW = 4;
    static final int SETTING_FRAME = 5;
    static final int SETTING_HEADERS = 6;

    /** ENABLE_CONNECT_PROTOCOL: RFC 8441, section 3. */
    static final int SETTING_CONNECT = 8;

    /** NO_RFC7540_PRIORITIES: RFC 9218, section 2.1. */
    static final int SETTING_NO_OLD_PRIORITIES = 9;

    private Http2Frame() {}
}
