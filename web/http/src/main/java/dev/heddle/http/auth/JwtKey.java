package dev.heddle.http.auth;

import dev.heddle.internal.Checks;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that checks tokens, of one algorithm: what a token says of its algorithm chooses no other use of the key, so a
 * public key is never taken for a secret (RFC 8725, section 3.1).
 *
 * <pre>{@code
 * JwtKey.of(JwtAlgorithm.RS256, publicKey).withId("2026-01")
 * JwtKey.secret(bytes)
 * }</pre>
 *
 * <p>Threads: any; immutable. Its text tells the algorithm and nothing of the key.
 */
public final class JwtKey {

    /** As long as the hash (RFC 7518, section 3.2). */
    private static final int MIN_SECRET_BYTES = 32;

    /** RFC 7518, section 3.3. */
    private static final int MIN_RSA_BITS = 2_048;

    /** Longer ones let each token cost much. */
    private static final int MAX_RSA_BITS = 8_192;

    private static final int MAX_EXPONENT_BITS = 64;

    private final JwtAlgorithm algorithm;
    private final Key key;
    private final String id;

    private JwtKey(JwtAlgorithm algorithm, Key key, String id) {
        this.algorithm = algorithm;
        this.key = key;
        this.id = id;
    }

    /**
     * A secret for {@link JwtAlgorithm#HS256}.
     *
     * @param bytes random, at least 32; copied
     */
    public static JwtKey secret(byte[] bytes) {
        Checks.atLeast("bytes of the secret", bytes.length, MIN_SECRET_BYTES);
        return new JwtKey(JwtAlgorithm.HS256, new SecretKeySpec(bytes, "HmacSHA256"), "");
    }

    /**
     * A public key.
     *
     * @param key of RSA with 2,048 to 8,192 bits, on the curve P-256, or of Ed25519, as the algorithm wants it
     * @throws IllegalArgumentException if it is of another kind or strength
     */
    public static JwtKey of(JwtAlgorithm algorithm, PublicKey key) {
        boolean fits = switch (algorithm) {
            case HS256 -> false;
            case RS256, PS256 -> key instanceof RSAPublicKey rsa && isStrong(rsa);
            case ES256 -> key instanceof ECPublicKey ec && isP256(ec.getParams());
            case EDDSA -> key instanceof EdECPublicKey ed
                    && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    "a key of " + key.getAlgorithm() + " of this kind or strength is none for " + algorithm);
        }
        return new JwtKey(algorithm, key, "");
    }

    /**
     * The same with an id: a token that names another is not checked with it.
     *
     * @param other empty for none
     */
    public JwtKey withId(String other) {
        return new JwtKey(algorithm, key, other);
    }

    /** What it is for. */
    public JwtAlgorithm algorithm() {
        return algorithm;
    }

    /** Its id ({@code kid}); empty for none. */
    public String id() {
        return id;
    }

    /** Whether it may have signed a token: one that names no key, or this one, or any if this one has no name. */
    boolean mayBe(JwtAlgorithm wanted, String wantedId) {
        return algorithm == wanted && (id.isEmpty() || wantedId.isEmpty() || id.equals(wantedId));
    }

    boolean verifies(byte[] signed, byte[] signature) {
        return algorithm.verifies(key, signed, signature);
    }

    private static boolean isStrong(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        BigInteger exponent = key.getPublicExponent();
        return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && exponent.testBit(0)
                && exponent.compareTo(BigInteger.TWO) > 0 && exponent.bitLength() <= MAX_EXPONENT_BITS;
    }

    private static boolean isP256(ECParameterSpec given) {
        ECParameterSpec wanted = p256();
        return given.getCurve().equals(wanted.getCurve())
                && given.getGenerator().equals(wanted.getGenerator())
                && given.getOrder().equals(wanted.getOrder())
                && given.getCofactor() == wanted.getCofactor();
    }

    static ECParameterSpec p256() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    @Override
    public String toString() {
        return "JwtKey[" + algorithm + (id.isEmpty() ? "" : ", with an id") + "]";
    }
}
