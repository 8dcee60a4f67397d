package dev.heddle.tls.openssl;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;

/** The number of a verification error (X509_STORE_CTX_get_error(3)) that has the library send the alert that fits. */
final class Refusals {

    /** {@code X509_V_OK}. */
    static final int NONE = 0;

    private static final int NOT_YET_VALID = 9;
    private static final int EXPIRED = 10;
    private static final int REVOKED = 23;
    private static final int INVALID_PURPOSE = 26;

    /** {@code X509_V_ERR_PERMITTED_VIOLATION}, which has no alert of its own: certificate_unknown. */
    private static final int OTHER = 47;

    private Refusals() {}

    static int code(Throwable refusal) {
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException invalid
                    && invalid.getReason() instanceof BasicReason reason) {
                return switch (reason) {
                    case EXPIRED -> EXPIRED;
                    case REVOKED -> REVOKED;
                    case NOT_YET_VALID, INVALID_SIGNATURE -> NOT_YET_VALID;
                    case ALGORITHM_CONSTRAINED -> INVALID_PURPOSE;
                    case UNSPECIFIED, UNDETERMINED_REVOCATION_STATUS -> OTHER;
                };
            }
        }
        return OTHER;
    }
}
