package dev.heddle.http.auth;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * The algorithms that may sign a token (RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 9864), as seen in IANA's
 * registry of JOSE in 2026-11. There is no {@code none}. A token of another one is refused, and a key of another one in a
 * set is skipped: so one that is new is none until it is a constant here.
 *
 * <p>Threads: any.
 */
public enum JwtAlgorithm {

    /** HMAC with SHA-256, by a secret that both sides have. */
    HS256("HS256"),

    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RS256("RS256"),

    /** RSASSA-PSS with SHA-256. */
    PS256("PS256"),

    /** ECDSA on P-256 with SHA-256. */
    ES256("ES256"),

    /** Ed25519; a header may name it so, too (RFC 9864, section 2.2). */
    EDDSA("EdDSA");

    private static final String ED25519 = "Ed25519";

    private static final PSSParameterSpec PSS = new PSSParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final String label;

    JwtAlgorithm(String label) {
        this.label = label;
    }

    /** As a header names it; case matters (RFC 7515, section 4.1.1). */
    static @Nullable JwtAlgorithm of(String name) {
        for (JwtAlgorithm each : values()) {
            if (each.isNamed(name)) {
                return each;
            }
        }
        return null;
    }

    boolean isNamed(Object name) {
        return label.equals(name) || (this == EDDSA && ED25519.equals(name));
    }

    /** Whether a signature is that of a key over some bytes. */
    boolean verifies(Key key, byte[] signed, byte[] signature) {
        try {
            return switch (this) {
                case HS256 -> {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(key);
                    yield MessageDigest.isEqual(mac.doFinal(signed), signature);
                }
                case RS256 -> verifies(Signature.getInstance("SHA256withRSA"), key, signed, signature);
                case PS256 -> {
                    Signature pss = Signature.getInstance("RSASSA-PSS");
                    pss.setParameter(PSS);
                    yield verifies(pss, key, signed, signature);
                }
                // R and S side by side (RFC 7518, section 3.4), not the DER of certificates.
                case ES256 -> signature.length == 64
                        && verifies(Signature.getInstance("SHA256withECDSAinP1363Format"), key, signed, signature);
                case EDDSA -> verifies(Signature.getInstance("Ed25519"), key, signed, signature);
            };
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the key was checked when it was made", e);
        } catch (GeneralSecurityException e) { // a signature that is none
            return false;
        }
    }

    private static boolean verifies(Signature check, Key key, byte[] signed, byte[] signature)
            throws GeneralSecurityException {
        check.initVerify((PublicKey) key);
        check.update(signed);
        return check.verify(signature);
    }

    @Override
    public String toString() {
        return label;
    }
}
