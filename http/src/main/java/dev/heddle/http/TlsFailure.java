package dev.heddle.http;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns the engine's nested failures into one line that says what is wrong with the peer. */
final class TlsFailure {

    private static final int MAX_CAUSES = 16;

    private TlsFailure() {}

    static String describe(SSLException failure) {
        String message = failure.getMessage() == null ? "failed" : failure.getMessage();
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            String known = known(cause);
            if (known != null) {
                return known;
            }
            cause = cause.getCause();
        }
        if (message.contains("nrecognized SSL message")) {
            return "the peer does not speak TLS";
        }
        return message;
    }

    private static @Nullable String known(Throwable cause) {
        return switch (cause) {
            case CertificateExpiredException e -> "its certificate has expired: " + e.getMessage();
            case CertificateNotYetValidException e -> "its certificate is not valid yet: " + e.getMessage();
            case CertPathBuilderException e -> "its certificate is signed by nobody trusted";
            case CertPathValidatorException e when e.getCause() == null ->
                "its certificate is refused: " + e.getMessage();
            case CertificateException e when e.getCause() == null -> "its certificate is refused: " + e.getMessage();
            default -> null;
        };
    }
}
