package dev.heddle.tls;

import dev.heddle.internal.Throwables;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The translation of the engine's nested failures into one line that says what is wrong, and with whom. */
final class TlsFailure {

    private static final int MAX_CAUSES = 16;
    private static final String ALERT = "Received fatal alert: ";
    private static final String REQUIRED = "certificate_required";

    /** What a peer says of a certificate that it does not take (RFC 8446, section 6.2). */
    private static final Set<String> REFUSALS = Set.of("bad_certificate", "unsupported_certificate",
            "certificate_revoked", "certificate_expired", "certificate_unknown", "unknown_ca");

    private TlsFailure() {}

    static String describe(SSLException failure) {
        String distrust = distrust(failure);
        return distrust == null ? inWords(withoutAlertName(Throwables.describe(failure))) : distrust;
    }

    /** Whether the certificate of the peer is the reason. */
    static boolean isDistrust(@Nullable Throwable failure) {
        return failure instanceof SSLException && distrust(failure) != null;
    }

    /** Whether the peer says that the certificate of this side, or that there is none, is the reason. */
    static boolean isRefusal(@Nullable Throwable failure) {
        if (!(failure instanceof SSLException)) {
            return false;
        }
        String alert = alert(withoutAlertName(Throwables.describe(failure)));
        return alert != null && (alert.equals(REQUIRED) || REFUSALS.contains(alert));
    }

    /** The name of the peer's alert; null if there is none. */
    private static @Nullable String alert(String message) {
        return message.startsWith(ALERT) ? message.substring(ALERT.length()) : null;
    }

    /** What is wrong with the peer's certificate; null if that is not the reason. */
    private static @Nullable String distrust(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            String distrust = ofCertificate(cause);
            if (distrust != null) {
                return distrust;
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static @Nullable String ofCertificate(Throwable cause) {
        return switch (cause) {
            case CertPathBuilderException e when e.getCause() == null ->
                "its certificate is not signed by a trusted authority";
            case CertPathValidatorException e -> refused(e);
            case CertificateRevokedException e -> "its certificate was revoked on " + e.getRevocationDate().toInstant();
            case CertificateExpiredException e -> "its certificate has expired: " + e.getMessage();
            case CertificateNotYetValidException e -> "its certificate is not valid yet: " + e.getMessage();
            case CertificateException e when e.getCause() == null ->
                "its certificate is refused: " + Throwables.describe(e);
            default -> null;
        };
    }

    private static String refused(CertPathValidatorException e) {
        X509Certificate culprit = culprit(e);
        if (e.getCause() instanceof CertificateRevokedException revoked) {
            return "its certificate was revoked on " + revoked.getRevocationDate().toInstant();
        }
        if (e.getReason() == BasicReason.EXPIRED && culprit != null) {
            return "its certificate has expired on " + culprit.getNotAfter().toInstant() + name(culprit);
        }
        if (e.getReason() == BasicReason.NOT_YET_VALID && culprit != null) {
            return "its certificate is not valid yet, but from " + culprit.getNotBefore().toInstant() + name(culprit);
        }
        return "its certificate is refused: " + Throwables.describe(e) + (culprit == null ? "" : name(culprit));
    }

    private static String name(X509Certificate certificate) {
        return " (" + certificate.getSubjectX500Principal() + ")";
    }

    private static @Nullable X509Certificate culprit(CertPathValidatorException e) {
        List<? extends Certificate> path = e.getCertPath() == null ? List.of() : e.getCertPath().getCertificates();
        boolean known = e.getIndex() >= 0 && e.getIndex() < path.size();
        return known && path.get(e.getIndex()) instanceof X509Certificate certificate ? certificate : null;
    }

    /** The JDK puts the alert that it sends before its message: {@code (bad_record_mac) Tag mismatch}. */
    private static String withoutAlertName(String message) {
        int end = message.indexOf(") ");
        return message.startsWith("(") && end > 0 ? message.substring(end + 2) : message;
    }

    private static String inWords(String message) {
        String alert = alert(message);
        if (alert != null) {
            return (REFUSALS.contains(alert) ? "the peer refused the certificate of this side" : ofAlert(alert))
                    + " (alert " + alert + ")";
        }
        if (message.contains("nrecognized SSL message")) {
            return "the peer does not speak TLS";
        }
        if (message.contains("Empty client certificate chain") || message.contains("null cert chain")) {
            return "the peer showed no certificate";
        }
        return message;
    }

    /** What the peer complains about (RFC 8446, section 6.2). */
    private static String ofAlert(String alert) {
        return switch (alert) {
            case REQUIRED -> "the peer demands a certificate of this side";
            case "unrecognized_name" -> "the peer has no certificate for this name";
            case "no_application_protocol" -> "the peer knows none of the application protocols";
            case "protocol_version" -> "the peer speaks no version of TLS that this side does";
            case "handshake_failure", "insufficient_security" ->
                "the peer found nothing in common, such as a cipher suite";
            case "bad_record_mac", "decrypt_error" -> "the peer got a damaged record";
            default -> "the peer ended it";
        };
    }
}
