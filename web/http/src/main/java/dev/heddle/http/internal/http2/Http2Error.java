package dev.heddle.http.internal.http2;

/** The error codes of HTTP/2: why a stream or a connection ended (RFC 9113, section 7). */
public enum Http2Error {
    NO_ERROR(0),
    PROTOCOL_ERROR(1),
    INTERNAL_ERROR(2),
    FLOW_CONTROL_ERROR(3),
    SETTINGS_TIMEOUT(4),
    STREAM_CLOSED(5),
    FRAME_SIZE_ERROR(6),
    REFUSED_STREAM(7),
    CANCEL(8),
    COMPRESSION_ERROR(9),
    CONNECT_ERROR(10),
    ENHANCE_YOUR_CALM(11),
    INADEQUATE_SECURITY(12),
    HTTP_1_1_REQUIRED(13);

    private static final Http2Error[] ALL = values();

    private final int code;

    Http2Error(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The error of a code; unknown ones mean nothing special (section 7). */
    public static Http2Error of(int code) {
        for (Http2Error each : ALL) {
            if (each.code == code) {
                return each;
            }
        }
        return INTERNAL_ERROR;
    }
}
