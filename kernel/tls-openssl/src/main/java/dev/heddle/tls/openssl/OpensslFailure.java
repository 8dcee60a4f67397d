package dev.heddle.tls.openssl;

import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** The translation of the library's errors into the JDK's exceptions, in the words that the JDK has for them. */
final class OpensslFailure {

    static final String NO_TLS = "Unrecognized SSL message, plaintext connection?";

    private static final int LIB_SHIFT = 23;
    private static final int LIB_MASK = 0xff;
    private static final int LIB_SSL = 20;
    private static final int REASON_MASK = 0x7fffff;

    /** A reason above is this and the number of the peer's alert. */
    private static final int ALERTS = 1000;

    private static final int NO_PEER_CERTIFICATE = 199;

    /** Of the callbacks only that of the first message fails without a cause: it knows no such name. */
    private static final int CALLBACK_FAILED = 234;

    /** {@code SSL_R_WRONG_VERSION_NUMBER}. */
    private static final int WRONG_VERSION = 267;

    /** RFC 8446, section 6, and for older ones RFC 5246, section 7.2. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(10, "unexpected_message"), Map.entry(20, "bad_record_mac"), Map.entry(21, "decryption_failed"),
            Map.entry(22, "record_overflow"), Map.entry(30, "decompression_failure"),
            Map.entry(40, "handshake_failure"), Map.entry(41, "no_certificate"), Map.entry(42, "bad_certificate"),
            Map.entry(43, "unsupported_certificate"), Map.entry(44, "certificate_revoked"),
            Map.entry(45, "certificate_expired"), Map.entry(46, "certificate_unknown"),
            Map.entry(47, "illegal_parameter"), Map.entry(48, "unknown_ca"), Map.entry(49, "access_denied"),
            Map.entry(50, "decode_error"), Map.entry(51, "decrypt_error"), Map.entry(60, "export_restriction"),
            Map.entry(70, "protocol_version"), Map.entry(71, "insufficient_security"),
            Map.entry(80, "internal_error"), Map.entry(86, "inappropriate_fallback"),
            Map.entry(90, "user_canceled"), Map.entry(100, "no_renegotiation"), Map.entry(109, "missing_extension"),
            Map.entry(110, "unsupported_extension"), Map.entry(111, "certificate_unobtainable"),
            Map.entry(112, "unrecognized_name"), Map.entry(113, "bad_certificate_status_response"),
            Map.entry(114, "bad_certificate_hash_value"), Map.entry(115, "unknown_psk_identity"),
            Map.entry(116, "certificate_required"), Map.entry(120, "no_application_protocol"));

    private OpensslFailure() {}

    /**
     * Takes all errors of this thread out of the library.
     *
     * @param cause the refusal of a certificate, which explains more than the library can; null for none
     */
    static SSLException take(@Nullable Throwable cause) {
        String reason = reason();
        if (cause == null) {
            return new SSLException(reason);
        }
        var refused = new SSLHandshakeException(cause.getMessage() == null ? reason : cause.getMessage());
        refused.initCause(cause);
        return refused;
    }

    /** The first of this thread's errors in words; takes all out. */
    static String reason() {
        long first = Crypto.ERR_GET.call(0);
        String reason = first == 0 ? "OpenSSL says nothing more" : describe(first);
        Crypto.clearErrors();
        return reason;
    }

    private static String describe(long error) {
        int reason = (int) (error & REASON_MASK);
        if ((error >> LIB_SHIFT & LIB_MASK) == LIB_SSL) {
            if (reason > ALERTS) {
                int alert = reason - ALERTS;
                return "Received fatal alert: " + NAMES.getOrDefault(alert, "number " + alert);
            }
            switch (reason) {
                case NO_PEER_CERTIFICATE -> {
                    return "Empty client certificate chain";
                }
                case WRONG_VERSION -> {
                    return NO_TLS;
                }
                case CALLBACK_FAILED -> {
                    return "Unrecognized server name indication";
                }
                default -> {
                    // The library's own words.
                }
            }
        }
        String words = Libraries.text(Crypto.ERR_REASON.call(error));
        return words.isEmpty() ? "OpenSSL error " + Long.toHexString(error) : words;
    }
}
