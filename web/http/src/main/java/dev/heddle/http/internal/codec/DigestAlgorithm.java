package dev.heddle.http.internal.codec;

import dev.heddle.internal.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * An algorithm for digests of bodies: those that IANA's registry of RFC 9530, section 7.2 (2024-02), calls active. Others
 * are ignored, be they new, or old and easy to forge, such as {@code md5}.
 */
public enum DigestAlgorithm {
    SHA_256("sha-256", "SHA-256"),
    SHA_512("sha-512", "SHA-512");

    private final String key;
    private final String javaName;

    DigestAlgorithm(String key, String javaName) {
        this.key = key;
        this.javaName = javaName;
    }

    /** That of a key in a field; empty if it is none of these. */
    static Optional<DigestAlgorithm> of(String key) {
        for (DigestAlgorithm each : values()) {
            if (each.key.equals(key)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The one that a peer likes best by its weights of 0 for never to 10; empty if it wants none. */
    static Optional<DigestAlgorithm> wanted(Map<String, String> weights) {
        DigestAlgorithm best = null;
        int most = 0;
        for (DigestAlgorithm each : values()) {
            String weight = weights.getOrDefault(each.key, "0");
            int value = weight.matches("[0-9]|10") ? Integer.parseInt(weight) : 0;
            if (value > most) {
                best = each;
                most = value;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Begins a digest of bytes that go by. */
    public MessageDigest begin() {
        try {
            return MessageDigest.getInstance(javaName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + javaName, e);
        }
    }

    /** The digest of bytes as a field has it. */
    public String field(byte[] bytes) {
        return fieldOf(Hash.of(javaName, bytes));
    }

    /** A digest as a field has it. */
    public String fieldOf(byte[] digest) {
        return key + "=:" + Base64.getEncoder().encodeToString(digest) + ":";
    }

    @Override
    public String toString() {
        return key;
    }
}
