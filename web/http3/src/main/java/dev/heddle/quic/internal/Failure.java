package dev.heddle.quic.internal;

import java.util.Map;

/**
 * The reason for which one end has ended a connection (RFC 9000, section 20).
 *
 * @param application whether the code is the application's
 * @param reason a text for people; of a peer it is anything
 */
record Failure(boolean application, long code, String reason) {

    /** The first code of TLS: behind it comes the number of its alert (RFC 9001, section 4.8). */
    private static final long FIRST_OF_TLS = 0x100;

    private static final long LAST_OF_TLS = 0x1ff;

    /** RFC 9000, section 20.1. */
    private static final Map<Long, String> NAMES = Map.ofEntries(
            Map.entry(0x0L, "NO_ERROR"),
            Map.entry(0x1L, "INTERNAL_ERROR"),
            Map.entry(0x2L, "CONNECTION_REFUSED"),
            Map.entry(0x3L, "FLOW_CONTROL_ERROR"),
            Map.entry(0x4L, "STREAM_LIMIT_ERROR"),
            Map.entry(0x5L, "STREAM_STATE_ERROR"),
            Map.entry(0x6L, "FINAL_SIZE_ERROR"),
            Map.entry(0x7L, "FRAME_ENCODING_ERROR"),
            Map.entry(0x8L, "TRANSPORT_PARAMETER_ERROR"),
            Map.entry(0x9L, "CONNECTION_ID_LIMIT_ERROR"),
            Map.entry(0xaL, "PROTOCOL_VIOLATION"),
            Map.entry(0xbL, "INVALID_TOKEN"),
            Map.entry(0xcL, "APPLICATION_ERROR"),
            Map.entry(0xdL, "CRYPTO_BUFFER_EXCEEDED"),
            Map.entry(0xeL, "KEY_UPDATE_ERROR"),
            Map.entry(0xfL, "AEAD_LIMIT_REACHED"),
            Map.entry(0x10L, "NO_VIABLE_PATH"));

    /** RFC 8446, section 6. */
    private static final Map<Integer, String> ALERTS = Map.ofEntries(
            Map.entry(10, "unexpected_message"),
            Map.entry(40, "handshake_failure"),
            Map.entry(42, "bad_certificate"),
            Map.entry(43, "unsupported_certificate"),
            Map.entry(44, "certificate_revoked"),
            Map.entry(45, "certificate_expired"),
            Map.entry(46, "certificate_unknown"),
            Map.entry(47, "illegal_parameter"),
            Map.entry(48, "unknown_ca"),
            Map.entry(49, "access_denied"),
            Map.entry(50, "decode_error"),
            Map.entry(51, "decrypt_error"),
            Map.entry(70, "protocol_version"),
            Map.entry(71, "insufficient_security"),
            Map.entry(80, "internal_error"),
            Map.entry(109, "missing_extension"),
            Map.entry(110, "unsupported_extension"),
            Map.entry(112, "unrecognized_name"),
            Map.entry(116, "certificate_required"),
            Map.entry(120, "no_application_protocol"));

    private static final int FIRST_OF_CERTIFICATES = 42;
    private static final int LAST_OF_CERTIFICATES = 48;
    private static final int ILLEGAL_PARAMETER = 47;

    /** Whether TLS could not agree. */
    boolean isTls() {
        return !application && code >= FIRST_OF_TLS && code <= LAST_OF_TLS;
    }

    /** Whether that was because of a certificate. */
    boolean isCertificate() {
        int alert = (int) (code - FIRST_OF_TLS);
        return isTls() && alert >= FIRST_OF_CERTIFICATES && alert <= LAST_OF_CERTIFICATES && alert != ILLEGAL_PARAMETER;
    }

    @Override
    public String toString() {
        String said = reason.isEmpty() ? "" : ", \"" + reason + '"';
        if (application) {
            return "code " + code + said;
        } else if (isTls()) {
            int alert = (int) (code - FIRST_OF_TLS);
            return "TLS alert " + alert + " " + ALERTS.getOrDefault(alert, "") + said;
        }
        return NAMES.getOrDefault(code, "error 0x" + Long.toHexString(code)) + " of QUIC" + said;
    }
}
