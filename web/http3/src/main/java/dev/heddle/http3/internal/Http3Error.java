package dev.heddle.http3.internal;

/** The codes by which an end of HTTP/3 says why it ends a stream or the connection (RFC 9114, section 8.1). */
enum Http3Error {
    NO_ERROR(0x100),
    GENERAL_PROTOCOL_ERROR(0x101),
    INTERNAL_ERROR(0x102),
    STREAM_CREATION_ERROR(0x103),
    CLOSED_CRITICAL_STREAM(0x104),
    FRAME_UNEXPECTED(0x105),
    FRAME_ERROR(0x106),
    EXCESSIVE_LOAD(0x107),
    ID_ERROR(0x108),
    SETTINGS_ERROR(0x109),
    MISSING_SETTINGS(0x10a),
    REQUEST_REJECTED(0x10b),
    REQUEST_CANCELLED(0x10c),
    REQUEST_INCOMPLETE(0x10d),
    MESSAGE_ERROR(0x10e),

    /** Those of QPACK: RFC 9204, section 6. */
    DECOMPRESSION_FAILED(0x200),
    ENCODER_STREAM_ERROR(0x201),
    DECODER_STREAM_ERROR(0x202);

    private final long code;

    Http3Error(long code) {
        this.code = code;
    }

    /** The number on the wire. */
    long code() {
        return code;
    }
}
